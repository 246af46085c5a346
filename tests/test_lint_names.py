"""The rules about people: their offices, and the spelling of their names."""

import pytest

from tests.test_lint_terms import found, reading, shown


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("財政部長貝森特率團，財政部長貝森特提出，商務部長貝森特回應。", ["商務部長貝森特"]),
        ("美國財政部長貝森特及貿易代表與會。財長貝森特表示，國防部長貝森特則否認。", ["國防部長貝森特"]),
        ("國防部長顧立雄表示。國防部長顧立雄視察，外交部長顧立雄說明。", ["外交部長顧立雄"]),
        ("印度總理莫迪訪問。總理莫迪致詞，總統莫迪返國。", ["總統莫迪"]),
        ("法國總統馬克宏訪華。法國總統馬克宏致詞，德國總統馬克宏會見。", ["德國總統馬克宏"]),
        ("國務院副總理何立峰主導談判，副總理何立峰表示，總理何立峰強調。", ["總理何立峰"]),
        ("參議員葛蘭姆提案，參議員葛蘭姆表決，眾議員葛蘭姆反對。", ["眾議員葛蘭姆"]),
        ("國務卿盧比歐訪問。國防部長盧比歐回應。國務卿盧比歐返國。", ["國防部長盧比歐"]),
        ("外務大臣岩屋毅訪問。外相岩屋毅表示，防衛大臣岩屋毅說明。", ["防衛大臣岩屋毅"]),
        ("副國務卿坎貝爾訪問，副國務卿坎貝爾指出，國務卿坎貝爾表示。", ["國務卿坎貝爾"]),
        (
            "印太司令部司令帕帕羅表示，印太司令部司令帕帕羅指出，太平洋艦隊司令帕帕羅說明。",
            ["太平洋艦隊司令帕帕羅"],
        ),
    ],
)
def test_one_person_in_two_offices(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W080") == [f"W080 {stray}" for stray in strays]


@pytest.mark.parametrize(
    "text",
    [
        "財政部長貝森特率團，美國財長貝森特提出，美國財政部長貝森特回應。",
        "國防部長奧斯汀訪問，前國防部長葉望輝表示，時任外交部長顧立雄說明，國防部長顧立雄視察。",
        "國防大臣希利訪問。防長希利致詞，英國國防大臣希利返國。",
        "外交部長王毅與國務院總理李強會談，中央外事辦主任王毅表示，外長王毅強調。",
        "國務院副總理何立峰主導談判，中國副總理何立峰表示。",
        "前總統杜特蒂當選市長，總統小馬可仕回應，副總統莎拉下台。",
        "經濟安全保障大臣小林鷹之訪台，經濟安保大臣小林鷹之表示。",
        "財政部長會議與國防部長會議，部長級會談，總統大選，副總統選舉。",
        "國防部長高度重視，外交部長高度重視。總統方面，總理方面。",
        "總統特別指出，總理特別強調。國防部長列席，外交部長列席。財政部長應邀訪問，國防部長應邀出席。",
        "總統連袂出席，總理連袂出席，部長成員，總統基金會，總理基金會。總統任內，總理任內。",
        "2019年總統歐布里辭職，2022年總理歐布里就任。",
        "外交部長貝爾伯克（Annalena Baerbock）訪問，國防部長貝爾伯克（John Baerbock）回應。",
        "國務卿兼國家安全顧問盧比歐，副總理兼外長塔雅尼，外長塔雅尼，國防部長克羅塞托。",
        "日本首相石破茂訪美，首相石破茂表示，石破茂總統未回應，總統賴清德會見。",
        "海警第一局局長與海軍司令、陸軍司令、東部戰區司令。",
        "戰爭部長赫格塞斯，國防部長赫格塞斯。",
    ],
)
def test_one_person_in_one_office(text: str) -> None:
    assert shown(reading(text), "W080") == []


def test_a_tie_is_told_at_the_later_place() -> None:
    (tie,) = found(reading("商務部長貝森特表示。財政部長貝森特指出。"), "W080")
    assert tie.message.zh == "貝森特在這裡是「財政部長」（本篇1處），別處是「商務部長」（1處）"
    assert len(tie.also) == 1


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("總理拉布卡（Sitiveni Rabuka）訪澳，拉布卡致詞。拉布喀返國。", ["拉布喀"]),
        ("商務部長盧特尼克（Howard Lutnick）宣布。商務部長盧特尼奇說明。", ["盧特尼奇"]),
        ("國防部長皮斯托瑞斯視察，國防部長皮斯托瑞斯表示，皮斯托瑞夫返回。", ["皮斯托瑞夫"]),
        ("總統賴清德表示，總統賴清德強調，賴青德總統指出。", ["賴青德"]),
        ("發言人塔瑞拉（Jay Tarriela）指出，塔瑞拉並表示，塔端拉強調。", []),
        ("拉夫羅夫（Sergey Lavrov）訪問。外長拉夫羅天返國。", []),
    ],
)
def test_one_name_in_two_spellings(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W081") == [f"W081 {stray}" for stray in strays]


@pytest.mark.parametrize(
    "text",
    [
        "貿易代表格里爾（Jamieson Greer）談判。國防部長格里芬視察。",
        "副總統哈里斯（Kamala Harris）批評哈瑪斯（Hamas）。巴拿馬（Panama）與巴哈馬。",
        "馬斯克（Elon Musk）與馬斯特（Brian Mast）。",
        "安卡拉（Ankara）與安哥拉。愛爾蘭（Ireland）與愛沙尼亞。斯洛伐克（Slovakia）與斯洛維尼亞。",
        "澤倫斯基（Volodymyr Zelenskyy）與扎盧日尼。阿里耶夫。",
        "總統李在明、總統李承晚、總統朴正熙、總統朴槿惠。總統金大中、總統金泳三。",
        "總統川普希望，總統川普提出，總統川普里應。",
        "馬可仕（Ferdinand Marcos）訪日。馬可波羅的遊記。",
    ],
)
def test_two_names(text: str) -> None:
    assert shown(reading(text), "W081") == []


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("國防部長鐵歐杜洛（Gilberto Teodoro）提案。國防部長鐵奧杜羅表示支持。", ["鐵奧杜羅"]),
        ("遊客在帕哈爾甘（Pahalgam）遇襲。帕哈甘事件後封鎖。", ["帕哈甘"]),
        ("部署「堤豐」（Typhon）飛彈。官員指出，「提豐」系統有助於訓練。", ["提豐"]),
        ("「愛國者」飛彈與「愛國」口號。卡特爾（cartel）犯案，卡達（Qatar）表示。", []),
        ("拉赫曼（Rahman）與拉曼（Raman）會面。", []),
    ],
)
def test_one_name_transliterated_in_two_ways(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W082") == [f"W082 {stray}" for stray in strays]


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("海洋委員會主任委員管碧玲說明。海巡署署長管碧玲指出。", ["海巡署署長管碧玲"]),
        ("海委會主委管碧玲表示。海洋委員會主任委員管碧玲說明。", []),
        ("陸委會副主委梁文傑說明，陸委會主委邱垂正表示。", []),
    ],
)
def test_heads_of_agencies(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W080") == [f"W080 {stray}" for stray in strays]
