"""The demo's patients: invented names with their pinyin, telephone numbers nobody holds, dates of a pregnancy.

Among the names are 堃, 喆, 昇 and other characters that small fonts lack: a demo is where that should show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from core.operations.demo.stage import Stage

SURNAMES = """
王Wang 李Li 张Zhang 刘Liu 陈Chen 杨Yang 黄Huang 赵Zhao 吴Wu 周Zhou 徐Xu 孙Sun 马Ma 朱Zhu 胡Hu 郭Guo 何He 高Gao 林Lin
罗Luo 郑Zheng 梁Liang 谢Xie 宋Song 唐Tang 许Xu 韩Han 冯Feng 邓Deng 曹Cao 彭Peng 曾Zeng 萧Xiao 田Tian 董Dong 袁Yuan
潘Pan 蔡Cai 蒋Jiang 余Yu 杜Du 叶Ye 程Cheng 苏Su 魏Wei 吕Lyu 丁Ding 任Ren 沈Shen 姚Yao 卢Lu 姜Jiang 崔Cui 钟Zhong
谭Tan 陆Lu 汪Wang 范Fan 欧阳Ouyang 甯Ning
"""
GIVEN = """
雨桐Yutong 晓月Xiaoyue 静怡Jingyi 思琪Siqi 梦瑶Mengyao 佳宁Jianing 婉清Wanqing 欣然Xinran 若溪Ruoxi 诗涵Shihan
雅雯Yawen 子晴Ziqing 心怡Xinyi 文静Wenjing 海燕Haiyan 春梅Chunmei 秀兰Xiulan 丽华Lihua 晓燕Xiaoyan 红霞Hongxia
玉洁Yujie 琳Lin 颖Ying 倩Qian 婷Ting 雪Xue 楠Nan 蕾Lei 娟Juan 薇Wei 璐Lu 媛Yuan 莹Ying 瑾Jin 玥Yue 翊Yi 堃Kun 喆Zhe
昇Sheng 婳Hua 一诺Yinuo 可欣Kexin 语嫣Yuyan 沐晴Muqing 安琪Anqi 书瑶Shuyao 明慧Minghui 嘉敏Jiamin 晨曦Chenxi
晓彤Xiaotong 立群Liqun 雪梅Xuemei 忆南Yinan 紫涵Zihan 佩玲Peiling 美君Meijun 家慧Jiahui 芷若Zhiruo 凌波Lingbo
喆雯Zhewen 堃仪Kunyi 昇平Shengping
"""

SHOWCASE = 0
RECORDS_FROM = 260_001


@dataclass(frozen=True)
class Person:
    """One patient before anything happened. `birth` is the day her baby will come, `joined` her first contact;
    who joined before the story begins is imported on its first day. `steady` is the one a demonstrator shows."""

    number: int
    zh: str
    en: str
    phone: str
    record_number: str
    birth_date: date
    last_period: date
    joined: date
    birth: date
    steady: bool

    def name(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def people(stage: Stage, seed: int, count: int) -> list[Person]:
    """`count` patients whose pregnancies are spread over the year and a half that touches the story."""
    first = stage.begins - timedelta(weeks=37)
    last = stage.today - timedelta(weeks=8)
    found = [_showcase(stage)]
    for number in range(1, count):
        rng = Random(f"{seed}:person:{number}")
        period = first + (last - first) * number / count + timedelta(days=rng.randint(-3, 3))
        found.append(_person(stage, rng, number, period))
    return found


def _person(stage: Stage, rng: Random, number: int, period: date) -> Person:
    weeks = rng.uniform(6, 11) if rng.random() < 0.8 else rng.uniform(12, 25)
    zh, en = _name(rng)
    born = min(292, max(252, round(rng.gauss(276, 8))))
    return Person(
        number=number,
        zh=zh,
        en=en,
        phone=f"1990000{(number * 7_919 + 1_234) % 10_000:04d}",
        record_number=f"AH{RECORDS_FROM + number}",
        birth_date=period - timedelta(days=round(rng.triangular(21, 42, 29) * 365.25)),
        last_period=period,
        joined=stage.working(period + timedelta(days=round(weeks * 7))),
        birth=period + timedelta(days=born),
        steady=False,
    )


def _showcase(stage: Stage) -> Person:
    """33+4 weeks today: nine missions behind her, the tenth badge and the voucher just ahead."""
    period = stage.today - timedelta(days=33 * 7 + 4)
    return Person(
        number=SHOWCASE,
        zh="林晓月",
        en="Lin Xiaoyue",
        phone="19900008866",
        record_number=f"AH{RECORDS_FROM}",
        birth_date=period - timedelta(days=10_600),
        last_period=period,
        joined=stage.pilot,
        birth=period + timedelta(days=280),
        steady=True,
    )


def _name(rng: Random) -> tuple[str, str]:
    (surname, family), (given, own) = _split(rng.choice(SURNAMES.split())), _split(rng.choice(GIVEN.split()))
    return surname + given, f"{family} {own}"


def _split(entry: str) -> tuple[str, str]:
    at = next(n for n, letter in enumerate(entry) if letter.isascii())
    return entry[:at], entry[at:]
