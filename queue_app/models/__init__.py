"""All tables."""

from .announcement import Announcement
from .api_keys import ApiKey, ApiKeyUse
from .attempts import AttemptCount
from .audit import AuditEntry, AuditSeal
from .base import Base
from .booking import Booking, CheckIn, Ticket
from .breaches import Breach, BreachNotice, BreachService
from .closures import Closure, ClosureService, Offer
from .coverage import Coverage
from .figures import DayCount, DayFigures, DayRefusal, DayWork
from .job import ClockTrust, JobLease, JobRun
from .key_checks import FormerKey, KeyCheck
from .message_text import MessageText
from .office import FormerAddress, Office, OfficeService, Service
from .offline import HallDevice, OfflineAct, OfflineEntry
from .outbox import IN_A_FILE, MessageState, OutboxMessage
from .printing import Device, Printer, PrintJob, PrintState, RollWidth
from .privacy import DataProof, DataRequest
from .quota_change import QuotaChange, QuotaChangeSlot
from .releases import ReleasedSlot, ShareRelease
from .restoration import Backup, Restoration
from .rosters import RosterShift
from .schedule import Holiday, HolidayYear, Schedule, ScheduleWindow
from .second_factor import RecoveryCode, SecondFactor
from .service_day import ServiceDay, Slot
from .site import Site, SiteLogo
from .staff import ProviderAccount, Staff, StaffAssignment, StaffSession
from .staff_links import InvitedRole, PasswordReset, StaffInvitation
from .surveys import SurveyAnswer, SurveyMark, SurveyRemark
from .visits import Counter, CounterService, Disruption, DisruptionKind, DisruptionService, Queue, Visit, VisitStep
from .webhooks import DeliveryState, SwitchedOff, Webhook, WebhookDelivery

__all__ = [
    "Announcement",
    "ApiKey",
    "ApiKeyUse",
    "AttemptCount",
    "AuditEntry",
    "AuditSeal",
    "Backup",
    "Base",
    "Booking",
    "Breach",
    "BreachNotice",
    "BreachService",
    "CheckIn",
    "ClockTrust",
    "Closure",
    "ClosureService",
    "Counter",
    "CounterService",
    "Coverage",
    "DataProof",
    "DataRequest",
    "DayCount",
    "DayFigures",
    "DayRefusal",
    "DayWork",
    "Device",
    "DeliveryState",
    "Disruption",
    "DisruptionKind",
    "DisruptionService",
    "FormerAddress",
    "FormerKey",
    "HallDevice",
    "Holiday",
    "HolidayYear",
    "IN_A_FILE",
    "InvitedRole",
    "JobLease",
    "JobRun",
    "KeyCheck",
    "MessageState",
    "MessageText",
    "Offer",
    "Office",
    "OfficeService",
    "OfflineAct",
    "OfflineEntry",
    "OutboxMessage",
    "PasswordReset",
    "PrintJob",
    "PrintState",
    "Printer",
    "ProviderAccount",
    "Queue",
    "QuotaChange",
    "QuotaChangeSlot",
    "RecoveryCode",
    "ReleasedSlot",
    "Restoration",
    "RollWidth",
    "RosterShift",
    "Schedule",
    "ScheduleWindow",
    "Service",
    "ServiceDay",
    "Site",
    "SiteLogo",
    "ShareRelease",
    "Slot",
    "SecondFactor",
    "Staff",
    "StaffAssignment",
    "StaffInvitation",
    "StaffSession",
    "SwitchedOff",
    "SurveyAnswer",
    "SurveyMark",
    "SurveyRemark",
    "Ticket",
    "Visit",
    "VisitStep",
    "Webhook",
    "WebhookDelivery",
]

# An id that was given out, on a ticket or in an address, must never come back: not when its row is deleted, and not
# when the database is restored (`services/records/restoration.py`). SQLite counts only when it is told to.
for table in Base.metadata.tables.values():
    if table.autoincrement_column is not None:
        table.dialect_options["sqlite"]["autoincrement"] = True
