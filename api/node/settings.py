"""Settings of one ledger: environment (`HOURLEDGER_…`) over `hourledger.toml` over defaults."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Final

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from api.errors import WrongUse

FILE: Final = "hourledger.toml"
"""Name of the settings file in a ledger's directory; it also marks the directory as one."""

CHAIN: Final = "chain.sqlite"
"""Name of the embedded demonstration chain in a ledger's directory."""


class Settings(BaseSettings):
    """Everything that can be set. Secrets come from the environment alone, never from the file."""

    model_config = SettingsConfigDict(
        env_prefix="HOURLEDGER_", env_ignore_empty=True, extra="forbid", frozen=True
    )

    rpc: str | None = Field(None, description="chain; none: the embedded demonstration chain")
    contract: str | None = Field(None, description="address of BatchAnchor on that chain")
    guardian: str | None = Field(
        None, description="address that may take anchors back besides the owner; set at the opening"
    )
    confirmations: int | None = Field(None, ge=1, description="blocks until an anchor is final")
    host: str = Field("127.0.0.1", description="address that `serve` listens on")
    port: int = Field(8000, ge=0, le=65535, description="port that `serve` listens on")
    public_url: str = Field(
        "",
        pattern=r"^(https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?)?$",
        max_length=100,
        description="how people reach this server; empty: as it listens (`api.node.public_url`)",
    )
    trusted_proxies: str = Field(
        "", description="networks whose X-Forwarded-For is believed, comma-separated"
    )
    operations_host: str = Field("127.0.0.1", description="address of /readyz and /metrics")
    operations_port: int | None = Field(
        None, ge=0, le=65535, description="their port; none: that of `serve`, on loopback alone"
    )
    connections: int = Field(2000, ge=16, description="connections open at once")
    calls_a_minute: int = Field(6000, ge=1, description="requests of one caller in a minute")
    records_a_minute: int = Field(30_000, ge=1, description="records of one caller in a minute")
    enrolments_an_hour: int = Field(
        300, ge=1, description="people who enrol themselves from one network address in an hour"
    )
    batch_entries: int = Field(10_000, ge=1, description="entries that close a batch")
    batch_seconds: float = Field(5.0, gt=0, description="longest wait of an entry for its batch")
    witnesses: Path | None = Field(
        None, description="witnesses that cosign checkpoints: a C2SP tlog-policy file"
    )
    anchor_seconds: int = Field(0, ge=0, description="shortest time between two anchors")
    face_key: str | None = Field(
        None, pattern="^[0-9a-f]{64}$", description="Ed25519 key of the face check's provider"
    )
    passphrase: SecretStr | None = Field(None, description="opens the keystore")

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for part in value.split(","):
            if part.strip():
                ip_network(part.strip())
        return value


def load(directory: Path | None) -> Settings:
    """The settings for a ledger's directory, or those of the environment alone.

    Raises `WrongUse` naming the setting that is not usable.
    """
    file = directory / FILE if directory is not None else None

    class _Here(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            from_file = TomlConfigSettingsSource(settings_cls, toml_file=file)
            if "passphrase" in from_file():
                raise WrongUse(f"{file}: a passphrase does not belong into a file of settings")
            return env_settings, from_file

    try:
        return _Here()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise WrongUse(f"setting {name}: {first['msg']}") from None
    except (ValueError, OSError) as error:
        raise WrongUse(f"{file}: {error}") from error
