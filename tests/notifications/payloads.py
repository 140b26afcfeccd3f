"""What mail services post when something became of a mail, in the shapes that their documentation gives."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

KEY = "key-of-the-signature"
WHEN = 1_795_000_000


@dataclass(frozen=True)
class Post:
    path: str
    body: Any
    headers: dict[str, str]

    @property
    def content(self) -> str:
        return json.dumps(self.body)


def mailgun(to: str, message_id: str, what: str, *, at: int = WHEN) -> Post:
    """https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads"""
    token = hashlib.sha256(f"{to}{what}{at}".encode()).hexdigest()[:50]
    signature = hmac.new(KEY.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest()
    facts: dict[str, dict[str, Any]] = {
        "delivered": {"event": "delivered", "delivery-status": {"code": 250, "message": "OK"}},
        "deferred": {
            "event": "failed",
            "severity": "temporary",
            "reason": "generic",
            "delivery-status": {"code": 451, "message": "4.2.2 mailbox full", "description": ""},
        },
        "bounced": {
            "event": "failed",
            "severity": "permanent",
            "reason": "bounce",
            "delivery-status": {"code": 550, "message": "5.1.1 The email account does not exist", "description": ""},
        },
        "complained": {"event": "complained"},
        "opened": {"event": "opened", "ip": "192.0.2.1", "client-info": {"user-agent": "Mozilla"}},
    }
    data = {
        "id": "G9Bn5sl1TC6nu79C8C0bwg",
        "timestamp": float(at),
        "log-level": "info",
        "recipient": to,
        "recipient-domain": "example.org",
        "message": {"headers": {"message-id": message_id.strip("<>"), "to": to, "subject": "…"}, "size": 800},
        "tags": [],
        "user-variables": {},
        **facts[what],
    }
    return Post(
        "mailgun", {"signature": {"timestamp": str(at), "token": token, "signature": signature}, "event-data": data}, {}
    )


def postmark(to: str, message_id: str, what: str, *, at: int = WHEN) -> Post:
    """https://postmarkapp.com/developer/webhooks/bounce-webhook and its neighbours"""
    common = {"MessageID": message_id, "MessageStream": "outbound", "ServerID": 23, "Tag": "", "Metadata": {}}
    bounce = {
        "RecordType": "Bounce",
        "ID": 4323372036854775807 + at,
        "Email": to,
        "From": "nao-responda@portal.example",
        "BouncedAt": "2026-11-22T16:33:54Z",
        "Inactive": True,
        "CanActivate": True,
        "Subject": "…",
    }
    facts: dict[str, dict[str, Any]] = {
        "delivered": {
            "RecordType": "Delivery",
            "Recipient": to,
            "DeliveredAt": "2026-11-22T16:33:54Z",
            "Details": "smtp;250 2.0.0 OK",
        },
        "deferred": {**bounce, "Type": "SoftBounce", "TypeCode": 4096, "Details": "smtp;452 4.2.2 mailbox full"},
        "bounced": {
            **bounce,
            "Type": "HardBounce",
            "TypeCode": 1,
            "Description": "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
            "Details": "smtp;550 5.1.1 unknown user",
        },
        "complained": {
            **bounce,
            "RecordType": "SpamComplaint",
            "Type": "SpamComplaint",
            "TypeCode": 512,
            "Details": "Test spam complaint details",
        },
        "opened": {"RecordType": "Open", "Recipient": to, "ReceivedAt": "2026-11-22T16:33:54Z", "FirstOpen": True},
    }
    return Post("postmark", {**common, **facts[what]}, {})


def sendgrid(to: str, message_id: str, what: str, *, at: int = WHEN) -> Post:
    """https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event"""
    facts: dict[str, dict[str, Any]] = {
        "delivered": {"event": "delivered", "response": "250 OK"},
        "deferred": {"event": "deferred", "response": "451 4.7.1 try again later", "attempt": "5"},
        "bounced": {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user"},
        "complained": {"event": "spamreport"},
        "opened": {"event": "open", "useragent": "Mozilla", "ip": "192.0.2.1"},
    }
    row = {
        "email": to,
        "timestamp": at,
        "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
        "anymail_id": message_id,
        "sg_event_id": f"{what}-{at}",
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
        **facts[what],
    }
    return Post("sendgrid", [row], {})


def brevo(to: str, message_id: str, what: str, *, at: int = WHEN) -> Post:
    """https://developers.brevo.com/docs/transactional-webhooks"""
    facts: dict[str, dict[str, Any]] = {
        "delivered": {"event": "delivered"},
        "deferred": {"event": "deferred", "reason": "451 4.7.1 greylisted"},
        "bounced": {"event": "hard_bounce", "reason": "550 no such mailbox"},
        "complained": {"event": "spam"},
        "opened": {"event": "unique_opened", "link": ""},
    }
    row = {
        "id": 26224,
        "email": to,
        "date": "2026-11-22 13:33:54",
        "ts": at,
        "ts_event": at,
        "ts_epoch": at * 1000,
        "message-id": message_id,
        "subject": "…",
        "sending_ip": "192.0.2.2",
        **facts[what],
    }
    return Post("brevo", row, {})


def amazon_ses(to: str, message_id: str, what: str, *, at: int = WHEN) -> Post:
    """https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html, within a notification of SNS"""

    def bounce(kind: str, sub: str, code: str) -> dict[str, Any]:
        return {
            "eventType": "Bounce",
            "bounce": {
                "feedbackId": "0100017b",
                "bounceType": kind,
                "bounceSubType": sub,
                "bouncedRecipients": [
                    {"emailAddress": to, "action": "failed", "status": code, "diagnosticCode": f"smtp; {code} said no"}
                ],
                "timestamp": "2026-11-22T16:33:54.000Z",
                "reportingMTA": "dsn; a8-50.smtp-out.amazonses.com",
            },
        }

    facts: dict[str, dict[str, Any]] = {
        "delivered": {
            "eventType": "Delivery",
            "delivery": {"recipients": [to], "smtpResponse": "250 2.6.0 OK", "timestamp": "2026-11-22T16:33:54.000Z"},
        },
        "deferred": bounce("Transient", "MailboxFull", "4.2.2"),
        "bounced": bounce("Permanent", "General", "5.1.1"),
        "complained": {
            "eventType": "Complaint",
            "complaint": {
                "complainedRecipients": [{"emailAddress": to}],
                "complaintFeedbackType": "abuse",
                "timestamp": "2026-11-22T16:33:54.000Z",
            },
        },
        "opened": {"eventType": "Open", "open": {"ipAddress": "192.0.2.1", "userAgent": "Mozilla"}},
    }
    mail = {
        "timestamp": "2026-11-22T16:33:50.000Z",
        "messageId": message_id,
        "source": "nao-responda@portal.example",
        "destination": [to],
        "headersTruncated": False,
        "headers": [],
    }
    name = f"19ba9823-d7f2-53c1-860e-{at:012d}"
    body = {
        "Type": "Notification",
        "MessageId": name,
        "TopicArn": "arn:aws:sns:sa-east-1:123456789012:ses-events",
        "Message": json.dumps({**facts[what], "mail": mail}),
        "Timestamp": f"2026-11-22T16:33:55.{at % 1000:03d}Z",
        "SignatureVersion": "1",
    }
    return Post("amazon_ses", body, {"x-amz-sns-message-type": "Notification", "x-amz-sns-message-id": name})


SERVICES = [amazon_ses, brevo, mailgun, postmark, sendgrid]
