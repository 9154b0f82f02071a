"""The demo department: simulated from a seed, made through the same deeds as real use where the volume allows."""

from core.operations.demo.making import create

__all__ = ["create"]
