"""The clinic log as received, and this device's audit log."""

from dataclasses import replace

import pytest

from agent_app.store.errors import StoreConflict
from agent_app.store.logs import AuditEpoch, ClinicHead, Cosignature
from agent_app.store.rooms import Store
from tests.store.samples import of


def test_statements_stand_without_a_hole(store: Store) -> None:
    log = store.clinic_log
    with store.transaction():
        log.append(0, [b"charter", b"device"])
        for wrong in (0, 1, 3):
            with pytest.raises(StoreConflict):
                log.append(wrong, [b"other"])
        log.append(2, [b"revoke"])
    assert log.size == 3
    assert log.statements() == (b"charter", b"device", b"revoke")
    assert log.statements(2) == (b"revoke",)


def test_a_root_once_seen_never_changes(store: Store) -> None:
    head = ClinicHead(3, of("root"), b"note", 10)
    with store.transaction():
        store.clinic_log.remember(head)
        store.clinic_log.remember(replace(head, note=b"the same, cosigned"))
        with pytest.raises(StoreConflict):
            store.clinic_log.remember(replace(head, root=of("other")))
        store.clinic_log.remember(ClinicHead(2, of("older"), b"note", 11))
    assert store.clinic_log.newest_head() == replace(head, note=b"the same, cosigned")
    assert store.clinic_log.head_at(2) == ClinicHead(2, of("older"), b"note", 11)
    assert store.clinic_log.head_at(1) is None


def test_the_newest_cosignature_of_each_cosigner_counts(store: Store) -> None:
    def cosignature(who: int, time: int) -> Cosignature:
        return Cosignature(of("cosigner", who), time, time, of("root", time), b"note %d" % time)

    with store.transaction():
        for who, time in ((1, 10), (1, 30), (2, 20), (1, 30), (2, 15)):
            store.clinic_log.add_cosignature(cosignature(who, time))
    assert store.clinic_log.newest_cosignatures() == (cosignature(1, 30), cosignature(2, 20))


def test_an_alarm_stands_until_somebody_clears_it(store: Store) -> None:
    with store.transaction():
        store.clinic_log.raise_alarm("log.forked", "size 3", 10)
        store.clinic_log.raise_alarm("log.rolled-back", "size 2", 11)
    forked, rolled_back = store.clinic_log.alarms()
    assert (forked.code, forked.detail, forked.raised, forked.cleared) == ("log.forked", "size 3", 10, None)
    with store.transaction():
        store.clinic_log.clear_alarm(forked.id, 20)
    assert store.clinic_log.alarms() == (rolled_back,)


def test_an_audit_leaf_stands_at_its_index(store: Store) -> None:
    with store.transaction():
        store.audit_log.append(0, b"key")
        store.audit_log.append(1, b"entry")
        for wrong in (1, 3):
            with pytest.raises(StoreConflict):
                store.audit_log.append(wrong, b"other")
    assert store.audit_log.size == 2
    assert store.audit_log.leaves() == (b"key", b"entry")
    assert store.audit_log.leaves(1) == (b"entry",)


def test_audit_epochs_are_kept_in_order_and_never_replaced(store: Store) -> None:
    with store.transaction():
        store.audit_log.begin_epoch(AuditEpoch(0, of("key", 0), 1))
        store.audit_log.begin_epoch(AuditEpoch(1, of("key", 1), 2))
        with pytest.raises(StoreConflict):
            store.audit_log.begin_epoch(AuditEpoch(1, of("key", 2), 3))
    assert [epoch.key for epoch in store.audit_log.epochs()] == [of("key", 0), of("key", 1)]


def test_checkpoints_know_whether_they_were_witnessed(store: Store) -> None:
    log = store.audit_log
    assert log.newest_checkpoint() is None
    with store.transaction():
        log.add_checkpoint(2, b"two", 1)
        log.add_checkpoint(5, b"five", 2)
        log.add_checkpoint(5, b"five again", 3)
        log.witness(2, b"cosignature")
    newest, witnessed = log.newest_checkpoint(), log.newest_checkpoint(witnessed=True)
    assert newest is not None
    assert witnessed is not None
    assert (newest.size, newest.note, newest.witness) == (5, b"five", None)
    assert (witnessed.size, witnessed.witness) == (2, b"cosignature")
    assert log.checkpoint_at(2) == witnessed
