"""A registrar's whole journey: consent, an ugly roster in GBK, a draft, an objection, decisions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from api.cli.verify import judge
from api.credits.registrar import Upload
from api.demo.town.life import DAY
from api.demo.town.persona import Persona
from api.server.services import Services
from ledger.core.credits.rules import read_rules
from ledger.core.format.volunteer_number import number_of
from ledger.core.kinds.registry import CreditDecision
from ledger.operations.read import account_entries
from tests.builders.browsers import by_services, wallet_of, wider_than_the_window
from tests.builders.demo_server import Served
from tests.builders.trusting import everybody
from tests.builders.university import CLERK, RULES, UNIVERSITY

PHONE, DESKTOP = 360, 1200
PageAt = Callable[..., Page]


def signed_in(page_at: PageAt, path: str, key: bytes, *args: object) -> Page:
    page = page_at(path, *args, before=wallet_of(key))
    page.locator("#wallet").click()
    expect(page.locator("#in")).to_be_visible()
    return page


def consent(page_at: PageAt, key: bytes) -> None:
    page = signed_in(page_at, "/me", key, PHONE, "zh-Hans")
    page.get_by_text("授权学校认定我的时数").click()
    page.get_by_label("学校的账户地址").fill(UNIVERSITY.address)
    page.get_by_label("时数起始日").fill("2020-01-01")
    page.get_by_label("时数截止日（含当日）").fill("2089-12-31")
    page.get_by_label("允许查看至").fill("2089-12-31")
    page.get_by_role("button", name="签署授权").click()
    expect(page.locator("#message")).to_have_text("您的授权已写入账本。")
    expect(page.locator("#consents li")).to_have_count(1)
    # The day that was chosen is the day that is shown, not the one after it.
    expect(page.locator("#consents li")).to_contain_text("可查看至2089-12-31（含当日）")
    assert not wider_than_the_window(page)


def students(served: Served) -> list[Persona]:
    """Three whose credit hours no other test objects to or voids."""
    touched = {*by_services(served)[:2], by_services(served)[5]}
    voided = served.life.town.services[-1][1].volunteer
    credit = {s.volunteer for _, s, _ in served.life.town.services if s.hour_class == "credit"}
    return [
        who
        for who in by_services(served)
        if who not in touched and who.address in credit - {voided}
    ][:3]


def roster(rows: list[tuple[str, str, str]]) -> bytes:
    """As it comes from an office: a title, odd headings, full-width digits, GBK."""
    lines = ["益河大学 2025 级志愿服务名单,,,", "序号,学 号,姓名,志愿者统一编号"]
    lines += [f"{n},{no},{name},{who}" for n, (no, name, who) in enumerate(rows, 1)]
    return "\r\n".join(line.replace("学 号", "学号") for line in lines).encode("gbk")


def wide(text: str) -> str:
    return text.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})


def test_from_an_ugly_roster_to_decisions_that_anybody_checks(
    page_at: PageAt,
    served: Served,
    check_axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    first, second, third = students(served)
    for who in (first, second):
        consent(page_at, who.key)
    served.seal()
    (tmp_path / "名单.csv").write_bytes(
        roster(
            [
                ("2025001", first.name, wide(number_of(first.address))),
                ("2025002", "李四·买买提", second.address),
                ("2025003", third.name, number_of(third.address)),
                ("2025004", first.name, "4.4E+17"),
                ("2025005", first.name, ""),
            ]
        )
    )
    page = signed_in(page_at, "/registrar", CLERK.key, DESKTOP, "zh-Hans")
    expect(page.locator("#rule-set option")).to_have_count(5)
    page.get_by_text("查看或修改规则").click()
    page.locator("#rules").fill(RULES)
    page.locator("#roster").set_input_files(tmp_path / "名单.csv")
    page.get_by_role("button", name="读取名单").click()
    expect(page.locator("#preview")).to_contain_text("GB18030")
    expect(page.locator("#preview tbody tr")).to_have_count(4)
    expect(page.locator("#preview")).to_contain_text("只凭姓名不予匹配")
    check_axe(page)
    screenshot(page, "registrar-roster-zh-Hans-desktop")
    page.get_by_label("确认是该学生").check()
    page.get_by_role("button", name="确认后重新读取").click()
    expect(page.locator("#preview tbody tr")).to_have_count(3)
    page.get_by_role("button", name="生成草稿").click()
    expect(page.locator("#run-title")).to_contain_text("志愿服务实践学分")
    expect(page.locator("#lines tr")).to_have_count(5)
    expect(page.locator("#run-figures")).to_contain_text("5 行中的 2 行")
    check_axe(page)
    screenshot(page, "registrar-draft-zh-Hans-desktop")
    page.get_by_role("button", name="公布草稿").click()
    expect(page.locator("#message")).to_contain_text("学生现在可以看到自己的一行")
    expect(page.get_by_role("button", name="定稿", exact=True)).to_be_disabled()

    student = signed_in(page_at, "/me", first.key, PHONE, "zh-Hans")
    own = student.locator("#own-credits li").first
    expect(own).to_contain_text(UNIVERSITY.name)
    own.get_by_label("有什么不对").fill("还有一次没有算进去")
    own.get_by_role("button", name="提出异议").click()
    expect(student.locator("#message")).to_have_text("学校已收到您的异议。")
    check_axe(student)
    screenshot(student, "me-credits-zh-Hans-phone")

    served.clock.now += 8 * DAY
    page = signed_in(page_at, "/registrar", CLERK.key, DESKTOP, "zh-Hans")
    page.get_by_role("button", name="打开").first.click()
    expect(page.locator("#run-steps")).to_contain_text("有 1 条异议待答复")
    expect(page.get_by_role("button", name="定稿", exact=True)).to_be_disabled()
    page.get_by_label("您的答复").fill("该次超过每日上限，已按规则处理")
    page.get_by_role("button", name="答复", exact=True).click()
    expect(page.locator("#message")).to_have_text("学生可以看到您的答复。")
    page.get_by_role("button", name="此后的变化").click()
    expect(page.locator("#run-changes")).to_contain_text("有 0 名学生")
    page.get_by_role("button", name="定稿", exact=True).click()
    expect(page.locator("#message")).to_contain_text("认定结果已写入账本")
    screenshot(page, "registrar-final-zh-Hans-desktop")
    for lang, width in (("zh-Hant", PHONE), ("en", PHONE), ("en", DESKTOP)):
        other = signed_in(page_at, "/registrar", CLERK.key, width, lang)
        other.locator("#runs button").first.click()
        expect(other.locator("#lines tr")).to_have_count(5)
        assert not wider_than_the_window(other)
        screenshot(other, f"registrar-final-{lang}-{'phone' if width == PHONE else 'issuer'}")
    for name in ("report.jsonl", "report.xlsx", "report.pdf"):
        with page.expect_download() as got:
            page.get_by_role("button", name=name).click()
        got.value.save_as(tmp_path / name)
    report, _ = judge(tmp_path / "report.jsonl", served.node.url, None, everybody)
    assert (report.verdict, report.facts["stage"], report.facts["matched"]) == ("valid", "final", 2)
    for who in (first, second):
        entries = account_entries(served.home.ledger, who.address, -1, 1000)
        assert any(isinstance(entry.record.body, CreditDecision) for entry in entries)


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "en"])
def test_before_signing_in_nothing_is_said_of_any_university(
    page_at: PageAt, screenshot: Callable[[Page, str], None], lang: str
) -> None:
    page = page_at("/registrar", PHONE, lang)
    expect(page.locator("#device-make")).to_be_visible()
    expect(page.locator("#in")).to_be_hidden()
    assert not wider_than_the_window(page)
    screenshot(page, f"registrar-out-{lang}-phone")


def test_a_key_of_no_university_is_told_so(page_at: PageAt, served: Served) -> None:
    page = signed_in(page_at, "/registrar", by_services(served)[5].key, DESKTOP, "en")
    expect(page.locator("#no-university")).to_be_visible()
    expect(page.locator("#decisions")).to_be_hidden()


def test_the_run_that_was_opened_last_is_shown_and_is_the_one_acted_on(
    page_at: PageAt, served: Served
) -> None:
    registrar, who = Services(served.home).registrar, students(served)[0]
    data = roster([("2025001", who.name, who.address)])
    slow, quick = (
        registrar.draft(UNIVERSITY.address, Upload(name, data), read_rules(RULES.encode()))
        for name in ("slow.csv", "quick.csv")
    )
    page = signed_in(page_at, "/registrar", CLERK.key, DESKTOP, "en")
    held: list[Route] = []
    page.route(f"**/credit-runs/{slow.name}", lambda route: held.append(route), times=1)
    runs = page.locator("#runs li")
    with page.expect_request(f"**/credit-runs/{slow.name}"):
        runs.filter(has_text="slow.csv").get_by_role("button").click()
    runs.filter(has_text="quick.csv").get_by_role("button").click()
    expect(page.locator("#run-figures")).to_contain_text("quick.csv")
    (late,) = held
    with page.expect_response(f"**/credit-runs/{slow.name}"):
        late.continue_()
    # One more answer of the server, so that the late one has surely been looked at.
    page.get_by_role("button", name="What changed since").click()
    expect(page.locator("#run-changes")).to_contain_text("students")
    assert "quick.csv" in page.locator("#run-figures").inner_text()
    page.get_by_role("button", name="Publish the draft").click()
    expect(page.locator("#message")).to_contain_text("Each student now sees their own line")
    expect(page.locator("#run-figures")).to_contain_text("quick.csv")
    assert registrar.runs.find(quick.name).stage == "published"
    assert registrar.runs.find(slow.name).stage == "draft"
