from __future__ import annotations

import pytest

from core.api.keys import Keyring, KeysError, Limiter, new_key, read_keys


def test_should_know_the_caller_of_a_key_by_its_hash() -> None:
    (shop, shop_entry), (bank, bank_entry) = new_key("shop"), new_key("bank")
    assert shop not in shop_entry
    ring = Keyring(read_keys(f" {shop_entry} ,{bank_entry},"))

    found = ring.caller(bank)
    assert found is not None and found.name == "bank" and found.webhook_secret is not None
    for wrong in ("", shop + "x", shop[:-1], shop_entry, "\udcff", "é"):
        assert ring.caller(wrong) is None
    assert ring.named("shop") and ring.named("nobody") is None


def test_should_take_a_key_without_webhooks() -> None:
    _, entry = new_key("shop")
    (key,) = read_keys(entry.rpartition(":")[0])
    assert key.webhook_secret is None


@pytest.mark.parametrize(
    "told", ["shop", "shop:", "shop:123", "Shop Ltd:" + "a" * 64, "shop:" + "a" * 64 + ":secret", "x:" + "A" * 64]
)
def test_should_refuse_entries_that_make_no_sense_without_repeating_them(told: str) -> None:
    with pytest.raises(KeysError) as refused:
        read_keys(told)
    assert "secret" not in str(refused.value) and "aaa" not in str(refused.value)


def test_should_refuse_two_keys_of_one_name() -> None:
    with pytest.raises(KeysError):
        read_keys(f"{new_key('shop')[1]},{new_key('shop')[1]}")


@pytest.mark.parametrize("name", ["", "a b", "A", "-a", "x" * 41, "a:b", "a,b"])
def test_should_refuse_names_that_would_break_the_list(name: str) -> None:
    with pytest.raises(KeysError):
        new_key(name)


def test_should_not_show_a_webhook_secret_by_accident() -> None:
    (key,) = read_keys(new_key("shop")[1])
    assert key.webhook_secret is not None
    assert repr(key.webhook_secret) not in repr(key)


def test_should_count_calls_of_each_caller_apart_and_let_them_go_on_with_time() -> None:
    now = [0.0]
    limiter = Limiter(60, clock=lambda: now[0])
    assert [limiter.wait_s("shop") for _ in range(60)] == [0.0] * 60
    assert limiter.wait_s("shop") == pytest.approx(1.0)
    assert limiter.wait_s("bank") == 0.0
    now[0] = 1.01
    assert limiter.wait_s("shop") == 0.0
    assert limiter.wait_s("shop") > 0
    now[0] = 3600.0
    assert sum(limiter.wait_s("shop") == 0.0 for _ in range(100)) == 60
