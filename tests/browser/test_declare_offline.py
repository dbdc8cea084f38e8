"""A cut network: what was begun online is finished on the device and sent once when the network is back."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_declarations import choose, go_on
from vungxanh.declarations.models import Declaration, Draft
from vungxanh.people.models import Assignment, Officer, Person

pytestmark = pytest.mark.django_db(transaction=True)
Check = Callable[..., None]
SIGNS = ("fever", "cough", "breathing", "throat", "smell", "ache", "gut", "left_home")
PHONE = {"width": 360, "height": 740}


def ready(page: Page, live_server: LiveServer) -> None:
    """The first visit, with a network: the forms are on the device from now on."""
    page.set_viewport_size(PHONE)
    page.goto(live_server.url)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(
        "caches.open('vx-pages').then((c) => c.match('/declare/population/whole')).then(Boolean)"
    )
    page.reload()


def until(page: Page, truth: str) -> None:
    """Wait for something that the page's policy forbids Playwright to look at by itself."""
    for _ in range(100):
        if page.evaluate(truth):
            return
        page.wait_for_timeout(100)
    raise AssertionError(truth)


def about(page: Page) -> None:
    page.get_by_label("Năm sinh").fill("1990")
    choose(page, "Giới tính", "Nữ")
    page.get_by_label("Quốc tịch").select_option("VNM")
    go_on(page)


def rest(page: Page) -> None:
    """From the residence to the last look."""
    page.get_by_label("Xã, phường hoặc đặc khu").fill("Bến Nghé, Thành phố Hồ Chí Minh")
    page.get_by_label("Số nhà").fill("Tổ 5")
    go_on(page)
    page.get_by_label("Số điện thoại").fill("0169 4713 700")  # a number of before 2018
    go_on(page)
    choose(page, "Đã đến nơi khác", "Không")
    go_on(page)
    for sign in ("Sốt", "Khó thở", "Viêm phổi (bác sĩ đã nói)", "Đau họng", "Mệt mỏi"):
        choose(page, sign, "Không")
    choose(page, "Ho", "Có")
    onset = page.get_by_label("Dấu hiệu đầu tiên")
    if onset.count() == 0 or not onset.is_visible():
        go_on(page)
    onset.fill(str(onset.get_attribute("max")))
    go_on(page)
    for who in page.locator("section:visible fieldset, main form:not([data-whole]) fieldset").all():
        who.get_by_text("Không", exact=True).click()
    go_on(page)
    page.get_by_label("Tôi đồng ý").check()
    go_on(page)


def test_begun_online_cut_in_the_middle_and_sent_when_back(
    page: Page, live_server: LiveServer, check_page: Check
) -> None:
    ready(page, live_server)
    page.goto(f"{live_server.url}/declare/population/")
    page.get_by_text("Cho bản thân").click()
    go_on(page)
    page.get_by_label("Họ và tên").fill("Nông Thị Lan")
    go_on(page)
    page.wait_for_url("**/document")
    page.context.set_offline(True)
    go_on(page)  # the answer cannot be sent: the form itself comes from the device
    expect(page.get_by_role("heading", name="Về bạn")).to_be_visible()
    check_page("declare-offline", both=False)
    page.set_viewport_size(PHONE)
    about(page)
    rest(page)
    expect(page.get_by_role("heading", name="Xem lại")).to_be_visible()
    expect(page.locator("dl")).to_contain_text("Nông Thị Lan")
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("heading", name="Đã lưu trên máy này")).to_be_visible()
    page.goto(live_server.url)
    expect(page.get_by_text("Đang lưu trên máy, chờ gửi: 1")).to_be_visible()
    assert not Declaration.objects.exists()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Mã của tôi")).to_be_visible()
    row = Declaration.objects.get()
    assert (row.result, row.whom, row.scope_path) == ("signs", "self", "/79/26740/")
    assert Person.objects.get().name.open() == "Nông Thị Lan"
    assert Person.objects.get().phones.get().number.open() == "+84394713700"
    assert not Draft.objects.exists()


def test_whole_form_without_a_network_and_a_name_of_several_communes(
    page: Page, live_server: LiveServer, check_page: Check
) -> None:
    ready(page, live_server)
    page.context.set_offline(True)
    page.goto(f"{live_server.url}/declare/population/")
    page.get_by_text("Cho người").first.click()
    go_on(page)
    expect(page.get_by_role("heading", name="Họ và tên của người được khai")).to_be_visible()
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("Chưa trả lời")
    check_page("declare-offline-fault", both=False)
    page.set_viewport_size(PHONE)
    page.get_by_label("Họ và tên").fill("Danh Út")
    go_on(page)
    go_on(page)
    page.reload()  # the telephone died here: the draft is still on it
    about(page)
    page.get_by_label("Xã, phường hoặc đặc khu").fill("Tân An")
    page.get_by_label("Số nhà").fill("Ấp 1")
    go_on(page)
    page.get_by_label("Số điện thoại").fill("0944713700")
    go_on(page)
    choose(page, "Đã đến nơi khác", "Có")
    page.locator("#places-0-place").fill("Bến Nghé, Thành phố Hồ Chí Minh")
    page.locator("#places-0-from").fill(_today(page))
    page.locator("section:visible [value=add]").click()
    expect(page.get_by_label("Từ ngày")).to_have_count(2)
    page.locator("[value=remove-1]").click()
    go_on(page)
    for sign in page.locator("section:visible fieldset").all():
        sign.get_by_text("Không", exact=True).click()
    go_on(page)
    for who in page.locator("section:visible fieldset").all():
        who.get_by_text("Không", exact=True).click()
    go_on(page)
    page.get_by_label("Tôi đồng ý").check()
    go_on(page)
    check_page("declare-offline-review", both=False)
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("heading", name="Đã lưu trên máy này")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("Hãy chọn đúng nơi")
    page.get_by_text("Xã Tân An, Tỉnh Tuyên Quang").click()
    go_on(page)
    while not page.get_by_role("button", name="Gửi").is_visible():
        go_on(page)
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("heading", name="Đã nhận tờ khai")).to_be_visible()
    row = Declaration.objects.get()
    assert row.whom == "other"
    (stay,) = json.loads(row.answers.open())["places"]
    assert stay["place"]["code"] == "26740"


def _today(page: Page) -> str:
    return str(page.evaluate("new Date(Date.now() + 7 * 3600e3).toISOString().slice(0, 10)"))


def test_the_answer_was_lost_on_the_way_back_and_nothing_is_doubled(page: Page, live_server: LiveServer) -> None:
    ready(page, live_server)
    page.goto(f"{live_server.url}/declare/daily/whole")
    record = {
        "id": "5d3c0f8e-0000-4000-8000-000000000001", "form": "daily", "version": "2022.1", "whom": "self",
        "given_at": page.evaluate("new Date().toISOString()"),
        "fields": [
            ["full_name", "Nông Thị Lan"], ["birth_year", "1990"], ["sex", "2"], ["phone", "0944713700"],
            ["commune", "Bến Nghé, Thành phố Hồ Chí Minh"],
            *[[name, "no"] for name in SIGNS],
            ["consent", "yes"],
        ],
    }  # fmt: skip
    send: Any = """async (record) => {
      const { token } = await (await fetch('/declare/outbox')).json();
      const answer = await fetch('/declare/outbox', { method: 'POST', body: JSON.stringify({ records: [record] }),
        headers: { 'X-CSRFToken': token, 'Content-Type': 'application/json' } });
      return (await answer.json()).verdicts[0];
    }"""
    first, second = page.evaluate(send, record), page.evaluate(send, record)
    assert first["verdict"] == second["verdict"] == "accepted"
    # the address is signed anew each second; what stands before the signature is the declaration
    assert first["url"].split(":")[0] == second["url"].split(":")[0]
    assert Declaration.objects.count() == 1


def test_a_result_is_shown_again_without_network_until_the_device_is_wiped(
    page: Page, live_server: LiveServer
) -> None:
    test_the_answer_was_lost_on_the_way_back_and_nothing_is_doubled(page, live_server)
    page.goto(live_server.url)
    expect(page.get_by_role("heading", name="Mã của tôi")).to_be_visible()
    page.wait_for_function("(url) => caches.match(url).then(Boolean)", arg=f"{live_server.url}/")
    page.wait_for_function("caches.match(document.querySelector('.vx-code').src).then(Boolean)")
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Mã của tôi")).to_be_visible()
    page.wait_for_function("document.querySelector('.vx-code').naturalWidth > 0")
    page.context.set_offline(False)
    page.reload()
    page.get_by_role("button", name="Xoá khỏi máy này").click()
    expect(page.get_by_text("Khi có người mắc bệnh")).to_be_visible()
    expect(page.get_by_role("heading", name="Mã của tôi")).to_have_count(0)
    assert not [one for one in page.context.cookies() if one["name"] in ("vx_device", "vx_draft")]
    kept = page.evaluate("caches.open('vx-pages').then((c) => c.match('/')).then((r) => r ? r.text() : '')")
    assert "Mã của tôi" not in kept
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('vx-')).length") == 0


def test_the_first_page_is_an_application(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    said = page.evaluate("fetch(document.querySelector('[rel=manifest]').href).then((r) => r.json())")
    assert (said["display"], said["start_url"], said["scope"]) == ("standalone", "/", "/")
    sizes = page.evaluate(
        """async (icons) => Promise.all(icons.filter((i) => i.type === 'image/png').map(async (i) => {
          const picture = new Image(); picture.src = i.src; await picture.decode();
          return `${picture.naturalWidth}x${picture.naturalHeight}`; }))""",
        said["icons"],
    )
    assert sizes == ["192x192", "512x512", "512x512"]
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def test_warnings_are_offered_and_said_where_the_browser_cannot(
    page: Page, live_server: LiveServer, check_page: Check
) -> None:
    page.goto(f"{live_server.url}/push")
    expect(page.locator("[data-push]")).to_contain_text("báo")
    check_page("push")


def test_the_scanner_opens_the_page_of_a_place(page: Page, live_server: LiveServer, check_page: Check) -> None:
    page.goto(f"{live_server.url}/scan")
    check_page("scan")
    page.get_by_role("button", name="Bật máy ảnh").click()
    expect(page.get_by_text("Không dùng được máy ảnh ở đây")).to_be_visible()


def test_officers_pages_are_kept_by_no_citizen_worker(
    page: Page, live_server: LiveServer, enter: Callable[[Any], None]
) -> None:
    officer = Officer.objects.create_user("tram", password="x", name="Trạm")
    Assignment.objects.create(officer=officer, role="commune-health", scope_path="/19/05467/")
    ready(page, live_server)
    enter(officer)
    page.goto(f"{live_server.url}/declare/desk/")
    page.goto(live_server.url)
    kept = page.evaluate("caches.open('vx-pages').then((c) => c.keys()).then((all) => all.map((r) => r.url))")
    assert not [url for url in kept if "desk" in url]
