"""The demo department: simulated from a seed, made through the same deeds as real use where the volume allows."""

from core.operations.demo.making import create, remake, showcase

__all__ = ["create", "remake", "showcase"]
