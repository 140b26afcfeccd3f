"""What is told as a secret before it is sent, and what is not. All of these are invented."""

from __future__ import annotations

import time

import pytest

from tickets import secrets

JWT = ".".join(("eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJhbmEifQ1234", "c2lnbmF0dXJlMTIzNDU"))
HITS = [
    "senha: Abc@1234",
    "Senha: gato",
    "SENHA = Tramita2026",
    "senha=123456",
    "Minha senha é Sei#2026",
    "a senha é 'abacate'",
    "Entro com a senha Xpto99!z",
    "usuário: ana\nsenha: abacaxi",
    "login joao senha joao1234",
    "usuário/senha: admin/adm1n",
    "Senha provisória: Mudar@123",
    "senha do banco de dados: sei_user!",
    "senha de acesso ao SEI: Primavera",
    "senha (root): toor2026",
    "CPF 529.982.247-25 senha 1a2b",
    "CPF: 52998224725, senha: 4321",
    "password=segredo1",
    "PASSWORD: hunter2",
    "passwd = s3nha",
    'pwd="Sql!2019"',
    "DB_PASSWORD=postgres123",
    "PGPASSWORD=Abacate9 psql -h db",
    "Server=db;Database=sei;User Id=sa;Password=Sql#Server1;",
    '{"usuario": "sei", "senha": "tramita"}',
    "'Senha' => 'sei_user9',",
    "$pass['password'] = 'abc123';",
    "<senha>abacate9</senha>",
    "<Password>Pen@2026</Password>",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----",
    "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    "PuTTY-User-Key-File-3: ssh-ed25519",
    "Authorization: Bearer abcdef123456",
    "Authorization: Basic YW5hOnNlbmhh",
    "curl -H 'Bearer 0123456789abcdef0123456789'",
    JWT,
    "ghp_" + "a1B2" * 9,
    "glpat-" + "x9Y8" * 5,
    "AKIA" + "ABCDEFGH12345678",
    "client_secret=9f8e7d6c5b4a",
    "api_key: 0a1b2c3d4e5f",
    "token: 9f86d081884c7d659a2feaa0c55ad015",
    "chave de acesso: 7d793037a0760186574b0282f2f435e7",
    "postgres://sei:Abacate9@banco.example.org/sei",
    "https://ana:tramita1@sei.example.org/",
    "mysql --password=Abacate9 sei",
    "curl -u ana:abacate https://sei.example.org",
    "access_token = 'ya29a0b1c2d3e4'",
]
MISSES = [
    "",
    "Esqueci a senha.",
    "esqueci minha senha e não consigo entrar",
    "Troca de senha",
    "Como faço a troca de senha no SEI?",
    "Preciso recuperar a senha do portal",
    "A senha é inválida",
    "Mensagem: senha inválida",
    "Erro: usuário ou senha inválidos.",
    "Senha: campo obrigatório",
    "Senha: digite sua senha",
    "senha: a que foi enviada por e-mail",
    "A senha expirou.",
    "senha expirada",
    "Senha: expirada",
    "senha: ********",
    "senha: xxxxxx",
    "password=****",
    "password=[PROTECTED]",
    "senha=null",
    'senha: ""',
    "senha: <sua senha>",
    "password: ${DB_PASSWORD}",
    "senha: não informada",
    "senha: (omitida)",
    "Retirei a senha do log, como pede o guia.",
    "A tela pede usuário e senha, mas nada acontece.",
    "Solicitar credenciais: Senha perdida ou esquecida",
    "A senha deve ter 8 caracteres",
    "tamanho mínimo da senha: 8 caracteres",
    "Última troca da senha: 23/11/2026",
    "Troquei a senha às 14h30.",
    "troca de senha: 14:30",
    "Erro ao trocar a senha: ORA-28003",
    "Erro de senha: 1045",
    "Erro ao trocar senha: HTTP 500",
    "senha: https://acesso.gov.br/recuperar",
    "Troca de senha: ana@example.org",
    "O token A3 não é reconhecido.",
    "token: certificado A3 em cartão",
    "O token expirou: gere outro",
    "Chave: SEI-PEN-2026",
    "Sigla e chave: ainda não recebemos",
    "client_id: 0a1b2c3d-4e5f-6789",
    "NRE: 0001234567890123456789",
    "NUP 35000.000123/2026-10",
    "-----BEGIN PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----",
    "ssh-rsa AAAAB3NzaC1yc2E ana@example.org",
    "https://sei.example.org/sei/controlador.php?acao=procedimento_trabalhar&id=123",
    "https://sei.example.org:8443/sei",
    "O bearer da solicitação é o gestor do órgão",
    "A versão 4.1.5 não grava a nova senha.",
    "CPF 529.982.247-25 não consegue entrar",
    "segredo de justiça: processo 123",
    "postgres://usuario:senha@servidor/banco",
]


@pytest.mark.parametrize("text", HITS)
def test_a_secret_is_told(text: str) -> None:
    found = secrets.find(f"Bom dia.\n{text}\nObrigada")
    assert found
    assert len(found[0].shown) <= secrets.SHOWN


@pytest.mark.parametrize("text", MISSES)
def test_what_is_none_is_not(text: str) -> None:
    assert secrets.find(f"Bom dia.\n{text}\nObrigada") == []
    assert secrets.find(text) == []


def test_the_tables_are_long_enough() -> None:
    assert len(set(HITS)) >= 40
    assert len(set(MISSES)) >= 40


def test_the_passage_is_told_with_its_place() -> None:
    text = "Entro no SEI.\nsenha: Abc@1234, e dá erro."
    [passage] = secrets.find(text)
    assert text[passage.start : passage.end] == passage.shown == "senha: Abc@1234"


def test_each_passage_is_told_once_and_not_too_many() -> None:
    assert secrets.find_in(["senha: Abc@1234", "senha: Abc@1234", "password=xyz123"]) == ["senha: Abc@1234", "password=xyz123"]
    assert len(secrets.find("\n".join(f"senha: Abc@{n}" for n in range(100)))) == secrets.MOST


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "senha ",
            "senha: ",
            "senha:",
            "a://",
            "a://a:",
            "curl -u ",
            "Bearer ",
            "eyJ",
            "eyJa.",
            "-----BEGIN ",
            "token:",
            "'",
            "= ",
        ),
        *("a", "0", "@", " ", "\n", "<senha>", "529.982.247-2", "é "),
    ],
)
def test_any_text_is_read_in_time_that_grows_with_its_length(piece: str) -> None:
    """ABUSE 37 (OTRS CVE-2021-21439): text that makes a pattern try everything with everything."""
    began = time.process_time()
    secrets.find(piece * (secrets.LONGEST // len(piece)))
    assert time.process_time() - began < 1


def test_a_mail_hides_every_passage_however_many() -> None:
    words = "\n".join(f"senha: Gato@{number}99" for number in range(30))
    assert "Gato" not in secrets.hidden(words)
    assert secrets.hidden(words).count(secrets.HIDDEN) == 30
