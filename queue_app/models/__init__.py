"""All tables."""

from .api_keys import ApiKey, ApiKeyUse
from .audit import AuditEntry, AuditSeal
from .base import Base
from .booking import Booking, CheckIn, Ticket
from .breaches import Breach, BreachNotice, BreachService
from .closures import Closure, ClosureService, Offer
from .job import JobLease, JobRun
from .office import Category, Office, OfficeService, Service
from .offline import OfflineAct, OfflineEntry
from .outbox import IN_A_FILE, MessageState, OutboxMessage
from .printing import Device, Printer, PrintJob, PrintState, RollWidth
from .privacy import DataProof, DataRequest
from .schedule import Holiday, HolidayYear, Schedule, ScheduleWindow
from .service_day import ServiceDay, Slot
from .staff import Staff, StaffAssignment, StaffSession
from .visits import Counter, CounterService, Disruption, DisruptionKind, DisruptionService, Queue, Visit, VisitStep

__all__ = [
    "ApiKey",
    "ApiKeyUse",
    "AuditEntry",
    "AuditSeal",
    "Base",
    "Booking",
    "Breach",
    "BreachNotice",
    "BreachService",
    "Category",
    "CheckIn",
    "Closure",
    "ClosureService",
    "Counter",
    "CounterService",
    "DataProof",
    "DataRequest",
    "Device",
    "Disruption",
    "DisruptionKind",
    "DisruptionService",
    "Holiday",
    "HolidayYear",
    "IN_A_FILE",
    "JobLease",
    "JobRun",
    "MessageState",
    "Offer",
    "Office",
    "OfficeService",
    "OfflineAct",
    "OfflineEntry",
    "OutboxMessage",
    "PrintJob",
    "PrintState",
    "Printer",
    "Queue",
    "RollWidth",
    "Schedule",
    "ScheduleWindow",
    "Service",
    "ServiceDay",
    "Slot",
    "Staff",
    "StaffAssignment",
    "StaffSession",
    "Ticket",
    "Visit",
    "VisitStep",
]
