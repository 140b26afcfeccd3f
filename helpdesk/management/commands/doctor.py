from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from helpdesk import doctor


class Command(BaseCommand):
    help = "Examina tudo de que o portal precisa. Termina com erro se algo está mal."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(doctor.examine())
        width = max(len(finding.subject) for finding in findings)
        for finding in findings:
            mark = "MAL" if finding.problem else "bem"
            self.stdout.write(f"{mark}  {finding.subject:{width}}  {finding.problem or finding.fact}")
        problems = sum(bool(finding.problem) for finding in findings)
        if problems:
            raise CommandError(f"{problems} problema(s).")
