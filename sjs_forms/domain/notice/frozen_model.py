"""The base of the models of programme.toml, and the error of their checks."""

from pydantic import BaseModel, ConfigDict


class WrongAt(ValueError):
    """A mistake that is seen only when a notice is put together; `place` is its key."""

    def __init__(self, message: str, *place: str | int) -> None:
        super().__init__(message)
        self.place = place


class FrozenModel(BaseModel):
    """A table of programme.toml; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
