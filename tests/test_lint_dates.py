"""The rules about dates: what they find, what they leave alone, and what they put in its place."""

from datetime import date

import pytest

from pipeline.diagnostics import Diagnostic
from pipeline.lint import RULES
from tests.test_lint import read, wrapped

RULES_OF_DATES = [rule for rule in RULES if "D001" <= rule.code.code <= "D029"]
ISSUE = date(2025, 8, 22)


def findings(text: str, within: str = "text", published: date | None = ISSUE) -> list[Diagnostic]:
    source = wrapped(within, text)
    brief = read(source, published=published)
    return [each for rule in RULES_OF_DATES for each in rule(brief)]


def said(text: str, within: str = "text", published: date | None = ISSUE) -> list[tuple[str, str]]:
    """The code and the words of each finding on a text that holds no markup."""
    source = wrapped(within, text)
    lines = source.data.decode().split("\n")
    return [
        (each.code, lines[each.place.line - 1][each.place.column - 1 : each.place.end_column - 1])
        for each in findings(text, within, published)
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("會談於2025年2月30日舉行", "2025年2月30日"),
        ("會談於2025年2月29日舉行", "2025年2月29日"),
        ("該法於民國114年4月31日公布", "民國114年4月31日"),
        ("該案於13月5日審議", "13月5日"),
        ("該案於2025年13月審議", "2025年13月"),
        ("二〇二四年十一月三十一日", "二〇二四年十一月三十一日"),
        ("颱風將於6月31日登陸", "6月31日"),
        ("4月29日至31日在東京", "4月29日至31日"),
        ("見2025-02-30的報導", "2025-02-30"),
        ("見2025/06/31的報導", "2025/06/31"),
        ("晚間25時開始", "晚間25時"),
        ("上午14時開始", "上午14時"),
        ("下午3時75分開始", "下午3時75"),
        ("刊於July 32, 2024的報紙", "July 32, 2024"),
        ("刊於31 June 2024的報紙", "31 June 2024"),
        ("2024년 2월 30일", "2024년 2월 30일"),
    ],
)
def test_days_that_do_not_exist(text: str, words: str) -> None:
    assert ("D001", words) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "會談於2024年2月29日舉行，每四年一次的2月29日",
        "農曆2月30日、光緒26年2月30日、光緒二十年二月三十日",
        "8月31日本首相抵台，12月31日24時前完成",
        "在48時內、時速25時、凌晨0時15分、下午3時30分",
        "第13月薪資，3.13月均線，產量達1月31日平均的2倍",
        "十二月三十一日、二三月間、2025.13.1版",
        "《2025年2月30日》是一本小說",
        "May 31, 2024; March 12, 350 people",
    ],
)
def test_days_that_exist(text: str) -> None:
    assert not [each for each in said(text) if each[0] == "D001"]


@pytest.mark.parametrize(
    ("text", "words", "right"),
    [
        ("2026年月23日", "2026年月23日", None),
        ("2025年月日", "2025年月日", None),
        ("2025年29日", "2025年29日", None),
        ("2025年429日", "2025年429日", None),
        ("2025年4月日", "2025年4月日", None),
        ("年4月29日", "年4月29日", None),
        ("2025年，4月29日", "2025年，4月29日", "2025年4月29日"),
        ("2025年、4月29日", "2025年、4月29日", "2025年4月29日"),
        ("2025年4月; 29日", "2025年4月; 29日", "2025年4月29日"),
        ("2025年4月，29日", "2025年4月，29日", "2025年4月29日"),
        ("2025.4月29日", "2025.4月29日", "2025年4月29日"),
        ("2025.4月", "2025.4月", "2025年4月"),
        ("2025 4月29日", "2025 4月29日", "2025年4月29日"),
        ("20254月29日", "20254月29日", "2025年4月29日"),
        ("2025，4月29日", "2025，4月29日", "2025年4月29日"),
        ("2025年4 29日", "2025年4 29日", "2025年4月29日"),
        ("2025年4.29日", "2025年4.29日", "2025年4月29日"),
        ("2025年4月29", "2025年4月29", "2025年4月29日"),
        ("2025年4月31", "2025年4月31", None),
        ("2019年10，頁5", "2019年10", "2019年10月"),
        ("2025年年4月29日", "2025年年", "2025年"),
        ("2025年4月月29日", "2025年4月月", "2025年4月"),
        ("2025年4月29日日", "4月29日日", "4月29日"),
        ("2025年4月4月29日", "2025年4月4月", "2025年4月"),
        ("2025年4月29月", "2025年4月29月", None),
        ("2025年4年29日", "2025年4年29日", None),
        ("2025年29日4月", "2025年29日4月", None),
        ("2025年4月29曰", "2025年4月29曰", "2025年4月29日"),
        ("2025午4月29日", "2025午", "2025年"),
        ("2025년 월 23일", "2025년 월 23일", None),
        ("Febuary 3, 2025", "Febuary", "February"),
        ("3 Setember 2025", "Setember", "September"),
        ("Ocotber 2024", "Ocotber", "October"),
        ("July 11,2025", "July 11,2025", "July 11, 2025"),
        ("July, 11, 2025", "July, 11, 2025", "July 11, 2025"),
        ("July 11. 2025", "July 11. 2025", "July 11, 2025"),
        ("July11, 2025", "July11, 2025", "July 11, 2025"),
        ("July 11, 20255", "July 11, 20255", None),
    ],
)
def test_broken_dates_of_a_source(text: str, words: str, right: str | None) -> None:
    note = f"趙一，〈甲篇〉，《乙報》，{text}，頁5。"
    broken = [each for each in findings(note, "note") if each.code == "D002"]
    assert [words] == [words_at for code, words_at in said(note, "note") if code == "D002"]
    assert [edit.text for each in broken for edit in each.fix] == ([] if right is None else [right])
    assert right is None or right in broken[0].hint.zh


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("今年7月29，美國宣布新稅率", "今年7月29"),
        ("美國於2025年8月1，宣布新稅率", "2025年8月1"),
        ("美國於2025.8月宣布新稅率", "2025.8月"),
        ("該案於2025年18日三讀", "2025年18日"),
        ("該案於2025 6月18日三讀", "2025 6月18日"),
    ],
)
def test_broken_dates_in_running_text(text: str, words: str) -> None:
    assert ("D002", words) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "2025年7月28日至7月29日、2025年4月29、30日、2025年4月29至30日、2024年1-3月",
        "2025年8月29日日本首相、2024年年底、2024年年會、2025年3月底、2025年4月日本大選",
        "2024年，4月舉行大選，5月6日就職；2024年4月，29日內完成談判",
        "2025年4月日、韓、美三方會談；8月29日日、韓外長通話",
        "今（2025）年5月25日、114年4月29日、近年4月、每年4月29日、2025年3.2%的成長",
        "約20,254月租金、2025財年、2025會計年度、2024年12國簽署、2025年15日間的變化",
        "在2024年4月29號、4月29日目前、2025-2026學年、（2024年12月）",
        "May 2025, June 3–5, 2025, Augusta 2020, 11 septembre 2025, 3. Oktober 2024, 12 Agustus 2024",
        "Section 12, 2024 and Rule 3, 2025; on July 11 the 2025 budget",
    ],
)
def test_dates_that_are_whole(text: str) -> None:
    assert not [each for each in said(text) if each[0] == "D002"]


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("趙一，〈甲篇〉，《乙報》，2026年7月21日，https://example.org/a。", "2026年7月21日"),
        ("趙一，〈甲篇〉，《乙報》，2025年9月2日。", "2025年9月2日"),
        ("趙一，《甲書》（臺北：乙出版社，2026年），頁5。", "2026年"),
        ("趙一，〈甲篇〉，《乙報》，2026年月21日。", "2026年月21日"),
        ("Ann Lee, “A Title,” News, July 11, 2026, https://example.org/a.", "July 11, 2026"),
        ("〈대북방송 중단〉，《연합뉴스》，2026年7月22日。", "2026年7月22日"),
    ],
)
def test_sources_later_than_the_issue(note: str, words: str) -> None:
    assert ("D003", words) in said(note, "note")


@pytest.mark.parametrize(
    "note",
    [
        "趙一，〈甲篇〉，《乙報》，2025年8月22日。",
        "趙一，〈甲篇〉，《乙月刊》，2025年9月，頁5。",
        "趙一，〈2030年的台灣〉，《乙報》，2025年8月2日。該法將於2027年1月1日生效。",
        "趙一，《甲書》（臺北：乙出版社，2026年，即將出版）。",
        "該計畫預計2030年完成，2035年，全面啟用。",
        "Ann Lee, “The World in 2050,” News, July 11, 2025, https://example.org/2050/.",
    ],
)
def test_sources_not_later_than_the_issue(note: str) -> None:
    assert not [each for each in said(note, "note") if each[0] == "D003"]


def test_nothing_is_late_where_the_issue_has_no_date() -> None:
    assert not said("趙一，〈甲篇〉，《乙報》，2036年7月21日。", "note", None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026年3月5日，該國外長表示不會退讓。", True),
        ("2025年12月1日，兩國已簽署協定。", True),
        ("2025年9月3日，北京將舉行閱兵，川普表示不會出席。", False),
        ("該協定將於2026年3月5日生效，外長表示樂觀。", False),
        ("期限為2025年11月10日，貝森特表示仍待總統核可。", False),
        ("2025年8月3日，該國外長表示不會退讓。", False),
    ],
)
def test_days_to_come_told_as_past(text: str, found: bool) -> None:
    assert bool([each for each in said(text) if each[0] == "D004"]) is found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("該國於20225年4月宣布", "20225"),
        ("該國於2205年4月宣布", "2205"),
        ("根據20023年的調查", "20023"),
        ("該約於2107年簽署", "2107"),
    ],
)
def test_impossible_years(text: str, words: str) -> None:
    assert ("D005", words) in said(text)


@pytest.mark.parametrize(
    "note", ["趙一，〈甲篇〉，《乙報》，202年4月29日。", "趙一，〈甲篇〉，《乙報》，1025年4月29日。"]
)
def test_impossible_years_of_sources(note: str) -> None:
    assert "D005" in [code for code, _ in said(note, "note")]


@pytest.mark.parametrize(
    "text",
    [
        "2100年升溫2度、2150年、2050年淨零、佛曆2568年、20000年前、約20225年、1025年",
        "民國114年4月、西元208年赤壁之戰、距今2500年、長達3000年、1,999年、第2100年",
    ],
)
def test_possible_years(text: str) -> None:
    assert not [each for each in said(text) if each[0] == "D005"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2025年8月12日（星期三）", "三"),
        ("2025年8月12日（三）", "三"),
        ("今年8月12日（週四）", "四"),
        ("8月12日星期五", "五"),
        ("2025年8月12日（水）", "水"),
        ("on Monday, August 12, 2025", "Monday"),
    ],
)
def test_wrong_weekdays(text: str, words: str) -> None:
    assert ("D006", words) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "2025年8月12日（星期二）、8月12日（二）、去年8月12日（週一）、1950年6月25日（星期日）",
        "2025年8月12日（日本時間）、8月12日（日）、8月12日（火曜日）、8月12日，週末",
        "Tuesday, August 12, 2025",
    ],
)
def test_right_weekdays(text: str) -> None:
    assert not [each for each in said(text) if each[0] == "D006"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("今（2024）年5月", "今（2024）年"),
        ("去（2025）年5月", "去（2025）年"),
        ("去年（2023年）5月", "去年（2023年）"),
        ("於前（2024）年5月", "前（2024）年"),
        ("明（2027）年5月", "明（2027）年"),
        ("2024年（今年）", "2024年（今年）"),
    ],
)
def test_wrong_relative_years(text: str, words: str) -> None:
    assert ("D007", words) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "今（2025）年、去（2024）年、前（2023）年、明（2026）年、今年（2025年）、至今（2025）年",
        "選前（2022年）、兩年前（2021年）、此前（2020）、聲明（2019年）、過去（2018年）、說明（2017）年度",
        "今年上（5月）、本（8）月、同（2020）年、翌（2021）年",
    ],
)
def test_right_relative_years(text: str) -> None:
    assert not [each for each in said(text) if each[0] == "D007"]


def test_an_issue_of_january_may_look_back() -> None:
    assert not said("今（2024）年、去（2023）年、今（2025）年", published=date(2025, 1, 10))
    assert said("今（2023）年", published=date(2025, 1, 10))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("7月29日至7月28日在瑞典", "7月29日至7月28日"),
        ("7月29日至28日在瑞典", "7月29日至28日"),
        ("2025年7月29日-7月28日", "2025年7月29日-7月28日"),
        ("2012年到2009年期間", "2012年到2009年"),
        ("2012至2009年", "2012至2009年"),
        ("歷史悠久（2025-1956）", "2025-1956"),
        ("2025年3月至2024年5月", "2025年3月至2024年5月"),
        ("June 29–28, 2025", "June 29–28, 2025"),
    ],
)
def test_backward_ranges(text: str, words: str) -> None:
    assert ("D008", words) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "2025年7月28日至7月29日、12月28日至1月3日、2024年12月28日至1月3日、2024年11月至2月",
        "2009年到2012年、（1956-2025）、由2025年回溯至2020年、2024至25年、西元前2012-2009年",
        "電話2012-1999、2,025-1,956、經2025年9月至今、4月至3月的會計年度、7月28至29日",
    ],
)
def test_forward_ranges(text: str) -> None:
    assert not [each for each in said(text) if each[0] == "D008"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("該艦2025年中旬下水", True),
        ("今年下旬開工", True),
        ("該艦2025年6月中旬下水，2023年中開始，今年上半年", False),
    ],
)
def test_ten_days_of_a_year(text: str, found: bool) -> None:
    assert bool([each for each in said(text) if each[0] == "D009"]) is found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2025年5月6日、7月8日、9月1日，08月12日", ["0", "0"]),
        ("2025年5月6日、7月8日、9月1日，2025年08月12日", ["0"]),
        ("2025年5月6日、10月8日、9月1日，12月05日", ["0"]),
    ],
)
def test_leading_zeros(text: str, words: list[str]) -> None:
    zeros = [each for each in findings(text) if each.code == "D010"]
    assert zeros and all(each.fix for each in zeros)


def test_zeros_throughout_are_a_practice() -> None:
    assert not said("2025年05月06日、07月08日、09月01日，10月12日")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2021年5月6日、2022年7月8日，二〇二三年八月", ["2023", "8"]),
        ("2021年5月6日、2022年7月8日，今年八月", ["8"]),
        ("2021年5月6日、2022年7月8日，2023年8月十二日", ["12"]),
        ("2021年5月6日、2022年7月8日，十月二日", ["10", "2"]),
    ],
)
def test_chinese_numerals_in_dates(text: str, right: list[str]) -> None:
    assert [edit.text for each in findings(text) if each.code == "D011" for edit in each.fix] == right


@pytest.mark.parametrize(
    "text",
    [
        "2021年5月6日、2022年7月8日，農曆八月十五日、光緒二十年八月、八月革命、三個月、五四運動、九一一事件",
        "2021年5月6日、2022年7月8日，「三月十八日慘案」、同年七月革命",
        "二〇二一年五月六日、二〇二二年七月八日",
    ],
)
def test_chinese_numerals_that_stay(text: str) -> None:
    assert not [each for each in said(text) if each[0] == "D011"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("兩國於2024簽署協定", "2024"),
        ("自2019以來", "2019"),
        ("自從2019起，", "2019"),
        ("早在2014，該國", "2014"),
        ("預計2025底，", "2025"),
        ("2024下半年", "2024"),
        ("2023夏天", "2023"),
    ],
)
def test_years_without_nian(text: str, words: str) -> None:
    assert ("D012", words) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "於2024年簽署、自2019年以來、2019至2024年間、在2025大選中、於2000人的場地、2024總統大選",
        "由1999增至2000，再降到1950，之後又升；從1990公尺起跳；2030永續發展目標；在2000美元以上",
        "2023-2025上半年、2024年底、2025年初、(2024)、《2024中國政軍發展評估報告》",
    ],
)
def test_figures_that_are_no_bare_years(text: str) -> None:
    assert not [each for each in said(text) if each[0] == "D012"]


def test_dates_in_figures() -> None:
    text = "2021年5月6日、7日。" + "2022年7月8日、" * 5 + "2023/8/9、2023-08-10、2023.8.11"
    right = [edit.text for each in findings(text) if each.code == "D013" for edit in each.fix]
    assert right == ["2023年8月9日", "2023年8月10日", "2023年8月11日"]
    assert not [each for each in said("2023/8/9、2023-08-10") if each[0] == "D013"]


SOURCE = 'Ann Lee, “A,” <italic>News</italic>, {}, <ext-link ext-link-type="uri" xlink:href="{}">{}</ext-link>.'


def notes(*dates: str) -> str:
    """Sources with a date each, in one note."""
    url = "https://example.org/2021-07-01/"
    return " ".join(SOURCE.format(each, url, url) for each in dates)


@pytest.mark.parametrize(
    ("dates", "code", "right"),
    [
        (("July 1, 2021", "August 2, 2021", "Sept. 3, 2021"), "D014", "September"),
        (("July 1, 2021", "August 2, 2021", "Sep 3, 2021"), "D014", "September"),
        (("Aug. 1, 2021", "Dec. 2, 2021", "September 3, 2021"), "D014", "Sept."),
        (("July 1, 2021", "August 2, 2021", "3 September 2021"), "D015", "September 3, 2021"),
        (("1 July 2021", "2 August 2021", "September 3, 2021"), "D015", "3 September 2021"),
        (("July 1, 2021", "August 2, 2021", "September 3 2021"), "D016", "September 3, 2021"),
    ],
)
def test_english_dates(dates: tuple[str, ...], code: str, right: str) -> None:
    found = findings(notes(*dates), "note")
    assert [(each.code, edit.text) for each in found for edit in each.fix] == [(code, right)]


@pytest.mark.parametrize(
    "dates",
    [
        ("July 1, 2021", "August 2, 2021", "May 3, 2021", "May 2021", "July–August 2021"),
        ("July 1, 2021", "2 August 2021"),
        ("1 July 2021", "2 August 2021", "3 May 2021"),
    ],
)
def test_english_dates_that_agree(dates: tuple[str, ...]) -> None:
    assert not findings(notes(*dates), "note")
