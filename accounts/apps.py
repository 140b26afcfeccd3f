from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Contas"

    def ready(self) -> None:
        from accounts import notices  # noqa: PLC0415  # it reads models, which stand only now

        notices.register()
