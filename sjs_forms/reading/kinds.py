"""Which kind of paper a document is; where its words do not decide, none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sjs_forms.domain.reading_rules import PaperKind
from sjs_forms.reading.page_text import PageText

_SURE, _AHEAD = 4.0, 2.0
"""The score that a kind needs, and by how much it must be ahead of the next."""
HEAD = 3
"""Pages at the head of a document that say what it is."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """Words and what each counts for; `title` counts where a line has nothing else."""

    title: str
    words: Mapping[str, float]


_SIGNS: Mapping[PaperKind, _Signs] = {
    "licence": _Signs(
        r"营业执照|社会团体法人登记证书|事业单位法人证书|民办非企业单位登记证书",
        {
            "经营范围": 1.5,
            "注册资本": 1.5,
            "成立日期": 1,
            "登记机关": 1.5,
            "住所": 0.5,
            "法定代表人": 0.5,
            "公示系统": 1,
        },
    ),
    "lease": _Signs(
        r".{0,12}租赁合同(?:书)?(?:\(.{1,12}\))?|.{0,8}租赁协议(?:书)?",
        {"承租": 1.5, "出租": 1.5, "租赁期": 1.5, "租金": 1, "押金|保证金": 0.5, "甲方.*乙方": 0.5},
    ),
    "invoice": _Signs(
        r"(?:电子发票|.{0,4}增值税).{0,14}",
        {
            "发票号码": 2,
            "开票日期": 2,
            "价税合计": 2,
            "购买方|购方|买方": 1,
            "销售方|销方": 1,
            "开票人": 1,
        },
    ),
    "bank": _Signs(
        r"开户许可证|基本存款账户信息|开户证明|.{0,8}账户信息.{0,4}|.{0,6}开户信息.{0,4}",
        {
            "基本存款账户": 2.5,
            "核准号|基本存款账户编号|基本户编号": 1.5,
            "开户银行|开户行|开户机构": 1,
            "存款人": 1,
            "账户名称|户名|客户名称": 1,
            "账号|账户号码": 0.5,
        },
    ),
    "audit": _Signs(
        r".{0,20}审计报告(?:及财务报表)?",
        {
            "会计师事务所": 2,
            "审计意见": 1.5,
            "我们审计了": 2,
            "注册会计师": 1,
            "被审计单位": 1.5,
            "财务报表": 0.5,
        },
    ),
    "accreditation": _Signs(
        r".{0,24}(?:认定的?(?:通知|证书|复函|批复|公告)|名单的(?:通知|公告)|关于(?:同意)?认定.{0,40})",
        {
            "认定": 1,
            "重点实验室|工程研究中心|技术创新中心|创新平台|研究机构": 1.5,
            "依托单位": 1.5,
            "有效期": 0.5,
            "证书编号": 1,
            "专家评审|公示": 0.5,
        },
    ),
    "receipt": _Signs(
        r".{0,12}(?:回单|回执|电子凭证|支付凭证|转账凭证).{0,6}",
        {
            "回单": 2,
            "付款人|付款方": 1.5,
            "收款人|收款方": 1.5,
            "转账|汇款": 1,
            "交易流水|流水号": 1.5,
            "用途|摘要": 1,
        },
    ),
    "tax": _Signs(
        r".{0,16}(?:纳税申报表|完税证明|税务登记证|税收缴款书).{0,8}",
        {
            "纳税人识别号": 1.5,
            "应纳税": 1.5,
            "税款所属": 2,
            "税务局": 1.5,
            "纳税申报": 2,
            "完税": 2,
        },
    ),
    "statement": _Signs(
        r"(?:合并|母公司)?(?:资产负债表|利润表|现金流量表|.{0,12}财务数据表?)",
        {"期末余额": 1.5, "年初余额|期初余额": 1, "资产总计": 1.5, "营业收入": 1.5, "净利润": 1},
    ),
    "agreement": _Signs(
        r".{0,16}(?:合作协议|合作合同|服务协议|服务合同|授权书|授权证明|委托书).{0,4}",
        {"合作": 1, "授权": 1, "知识产权": 1, "委托": 0.5},
    ),
}
_TITLE = 3.0


def kind_of(pages: Sequence[PageText]) -> PaperKind | None:
    """Return what a document is by its first pages, or None if that is not sure."""
    head = pages[:HEAD]
    text = "\n".join(page.text for page in head)
    if not text.strip():
        return None
    scores = {kind: _score(signs, head, text) for kind, signs in _SIGNS.items()}
    best, next_best = sorted(scores.values(), reverse=True)[:2]
    if best < _SURE or best - next_best < _AHEAD:
        return None
    return max(scores, key=scores.__getitem__)


def _score(signs: _Signs, pages: Sequence[PageText], text: str) -> float:
    title = re.compile(signs.title)
    titled = any(title.fullmatch(word.text) for page in pages for word in page.words[:12])
    found = (value for word, value in signs.words.items() if re.search(word, text))
    return _TITLE * titled + sum(found)
