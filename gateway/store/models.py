"""The tables of control data. Every row about a child carries a keyed pseudonym, never the number."""

from sqlalchemy import MetaData
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class AuditRow(SQLModel, table=True):
    """One AuditEvent in the chain: `hash` is over the hash before it and every other column (audit.chain)."""

    __tablename__ = "audit"

    seq: int = Field(primary_key=True, description="Dense, from 1")
    recorded: str = Field(description="When, ISO with offset, by the gateway's clock")
    child: str = Field(default="", index=True, description="The child's pseudonym; empty where none is named")
    actor: str = Field(default="", index=True, description="Who asked")
    request: str = Field(default="", index=True, description="The request that it belongs to")
    body: bytes = Field(description="The AuditEvent as JSON, exactly as hashed")
    hash: str = Field(description="Hex")
