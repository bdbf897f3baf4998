# SPDX-License-Identifier: Apache-2.0
"""A card reader on USB: Debian's libccid and pcscd, started by its socket, and the rights that only polkit gives."""
from devices.ccid import CardReader
from usbredir import attach


def slots(device):
    return device.get("card", {}).get("slots", [])


def a_card_reader_comes_and_goes(counter, proved):
    vm = counter.vm
    counter.configure(card={"chip": "true"})
    counter.device("the card device without a reader", lambda one: one["kind"] == "card" and not slots(one))
    reader = attach(CardReader, vm, "reader")
    reader.plug()
    found = counter.device("a slot", lambda one: one["kind"] == "card" and len(slots(one)) == 1)
    assert "Gemalto" in slots(found)[0]["reader"] and slots(found)[0]["state"] == "empty", slots(found)
    assert vm.run(["systemctl", "is-active", "pcscd.service"]).strip() == "active"
    proved(f"plugged in: pcscd lets user quay in (polkit), quay-card sees {slots(found)[0]['reader']}, empty")
    reader.lay(True)
    found = counter.device("a card", lambda one: one["kind"] == "card" and slots(one) and slots(one)[0]["state"] != "empty")
    proved(f"a card is laid on it: {slots(found)[0]['state']}, ATR {slots(found)[0].get('atr')}")
    reader.lay(False)
    counter.device("no card", lambda one: one["kind"] == "card" and slots(one) and slots(one)[0]["state"] == "empty")
    reader.pull()
    counter.device("no slot", lambda one: one["kind"] == "card" and not slots(one))
    proved("pulled out: the slot is gone, the device stays")
    reader.plug()
    counter.device("the slot again", lambda one: one["kind"] == "card" and len(slots(one)) == 1)
    vm.run(["systemctl", "kill", "-s", "KILL", "pcscd.service"])
    reader.lay(True)
    counter.device("a card, of the pcscd that its socket started", lambda one: one["kind"] == "card" and slots(one) and slots(one)[0]["state"] != "empty")
    proved("pcscd killed with the reader plugged in: its socket starts it, the card is seen")


CASES = [a_card_reader_comes_and_goes]
