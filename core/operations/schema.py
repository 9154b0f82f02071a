"""Every table of the house in one place, for migrations and tests."""

from core.bank import tables as bank
from core.care import tables as care
from core.department import tables as department
from core.design import tables as design
from core.foundation import audit, days, doors, house
from core.foundation.database import Base
from core.insight import tables as insight
from core.keepsakes import tables as keepsakes
from core.people import tables as people
from core.recognition import tables as recognition

ROOMS = (audit, bank, care, days, department, design, doors, house, insight, keepsakes, people, recognition)
metadata = Base.metadata
