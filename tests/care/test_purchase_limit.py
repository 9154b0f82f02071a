"""How often one patient may buy a package: counted over what she had, not over what was taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.care.sale.courses import complete
from core.care.sale.enrolments import PurchaseLimitReached
from core.care.sale.refunds import cancel_and_refund
from core.packages.publishing import draft, publish, save_draft
from tests.ward import Ward


@pytest.fixture
def limited(ward: Ward) -> Ward:
    """The pack may be bought twice by one patient."""
    known = ward.world.ask("manager", draft, package_id=ward.package_id)
    document = {**known.document.model_dump(mode="json"), "purchase_limit": 2}
    ward.world.clock.advance(timedelta(seconds=1))
    ward.world.do(
        "manager",
        save_draft,
        package_id=ward.package_id,
        document=document,
        expected_changed_at=known.changed_at,
    )
    ward.world.do("manager", publish, package_id=ward.package_id)
    return ward


def test_the_purchase_after_the_last_allowed_one_is_refused(limited: Ward) -> None:
    patient = limited.patient()
    for _ in range(2):
        limited.world.do("manager", complete, enrolment_id=limited.sell(patient))
    with pytest.raises(PurchaseLimitReached) as refused:
        limited.sell(patient)
    assert refused.value.limit == 2
    assert limited.sell(limited.patient())


def test_a_cancelled_purchase_does_not_count(limited: Ward) -> None:
    patient = limited.patient()
    limited.world.do("manager", complete, enrolment_id=limited.sell(patient))
    sold = limited.sell(patient)
    limited.world.do("manager", cancel_and_refund, enrolment_id=sold, reason="Changed her mind", refund_fen=0)
    assert limited.sell(patient)
