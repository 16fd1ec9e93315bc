"""All tables."""

from .api_key import ApiKey, ApiKeyUse
from .audit import AuditEntry, AuditSeal
from .base import Base
from .booking import Booking, CheckIn, Ticket
from .calling import Counter, CounterService, Disruption, DisruptionKind, Line, Visit, VisitStep
from .device import Device, Printer, PrintJob, PrintState, RollWidth
from .job import JobLease, JobRun
from .office import Category, Office, OfficeService, Service
from .offline import OfflineAct, OfflineEntry
from .outbox import MessageState, OutboxMessage
from .schedule import Holiday, Schedule, ScheduleWindow
from .service_day import AffectedTicket, Closure, ServiceDay, Slot
from .staff import Staff, StaffAssignment, StaffSession

__all__ = [
    "AffectedTicket",
    "ApiKey",
    "ApiKeyUse",
    "AuditEntry",
    "AuditSeal",
    "Base",
    "Booking",
    "Category",
    "CheckIn",
    "Closure",
    "Counter",
    "CounterService",
    "Device",
    "Disruption",
    "DisruptionKind",
    "Holiday",
    "JobLease",
    "JobRun",
    "Line",
    "MessageState",
    "Office",
    "OfficeService",
    "OfflineAct",
    "OfflineEntry",
    "OutboxMessage",
    "PrintJob",
    "PrintState",
    "Printer",
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
