"""A phase report to try things on: 启动实施 of a programme, as it was on 2 March 2026."""

from datetime import date

from duban.lamp import Lamp
from duban.letter import Kind, Section
from duban.phasereport import Part, PhaseReport, Standing
from duban.rule import Span


def phase() -> Section:
    """Two departments late, one task overdue, a target a little behind and one without a figure."""
    made = PhaseReport(
        "wulong-2021-2025",
        "武隆区全民科学素质行动规划纲要实施方案（2021—2025年）",
        "深入实施",
        Span(date(2022, 1, 1), date(2025, 12, 31)),
        Part("深入实施", 36, 29, 4, 2, 1),
        (
            Part("区规划自然资源局（地震局）", 5, 2, 1, 2, 0),
            Part("区农业农村委", 6, 4, 2, 0, 0),
            Part("区科协", 12, 11, 1, 0, 0),
            Part("区教委", 8, 7, 0, 0, 1),
            Part("区水利局", 5, 5, 0, 0, 0),
        ),
        (
            Part("青少年科学素质提升行动", 20, 15, 2, 2, 1),
            Part("科技资源科普化工程", 16, 14, 2, 0, 0),
        ),
        (
            Standing(
                *("公民具备科学素质比例", "2020年8.9%", "2024年12.1%", "2025年至少13%"),
                *(Lamp.YELLOW, "略低于参考线12.2%"),
            ),
            Standing(
                *("农民教育培训人次", "", "2025年累计2810人次", "2025年累计至少2500人次"),
                *(Lamp.GREEN, "已达到目标"),
            ),
            Standing("建成喀斯特遗产博物馆", "", "", "", Lamp.GREY, "没有报送数值"),
        ),
        "总结评估",
    )
    return Section(Kind.PHASE, (), phase=made, period="wulong-2021-2025/deepen")
