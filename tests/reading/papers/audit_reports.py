"""Audit reports: a cover, or none, the opinion, and a page of figures."""

from tests.reading.papers.cases import Case, chinese_day, money
from tests.reading.papers.parts import Seal, Sheet, qr


def _number(case: Case) -> str:
    return f"{case.auditor[2:4]}审字〔{case.audit_year + 1}〕第{100 + case.number * 3:04d}号"


def _short(case: Case) -> str:
    return case.name.replace("股份有限公司", "").replace("有限责任公司", "").replace("有限公司", "")


def _opinion(case: Case, title: str = "审　计　报　告") -> str:
    year, short = case.audit_year, _short(case)
    return f"""<h1>{title}</h1><p class=right>{_number(case)}</p><p>{case.name}全体股东：</p><div class=in>
    <p><b>一、审计意见</b></p>
    <p>我们审计了{case.name}（以下简称“{short}”）的财务报表，包括{year}年12月31日的资产负债表，{year}年度的利润表、
    现金流量表和所有者权益变动表，以及财务报表附注。</p>
    <p>我们认为，后附的财务报表在所有重大方面按照企业会计准则的规定编制，公允反映了{short}{year}年12月31日的财务状况
    以及{year}年度的经营成果和现金流量。</p><p><b>二、形成审计意见的基础</b></p>
    <p>我们按照中国注册会计师审计准则的规定执行了审计工作。按照职业道德守则，我们独立于被审计单位，并相信获取的审计证据
    是充分、适当的，为发表意见提供了基础。</p><p><b>三、管理层和治理层的责任</b></p>
    <p>管理层负责编制财务报表，并设计、执行和维护必要的内部控制，使报表不存在由舞弊或错误导致的重大错报。</p></div>"""


def _signed(case: Case) -> str:
    day = f"{case.audit_year + 1}年3月{5 + case.number % 22}日"
    return f"""<table style='margin-top: 14mm'><tr><td style='width: 55%'>{case.auditor}<br>（盖章）<td>中国注册会计师：
    <br><br>中国注册会计师：<tr><td>中国·北京<td>{day}</table>"""


def _balance(case: Case) -> Sheet:
    names = (
        "货币资金",
        "应收账款",
        "预付款项",
        "存货",
        "流动资产合计",
        "固定资产",
        "无形资产",
        "资产总计",
    )
    rows = "".join(
        f"<tr><td>{name}<td class=mid>{place}<td class=right>{money(place * 31_415_927 + case.number)}"
        f"<td class=right>{money(place * 27_182_818)}"
        for place, name in enumerate(names, start=1)
    )
    body = f"""<h1 style='font-size: 16pt'>资产负债表</h1><div style='display: flex; justify-content: space-between'>
    <span>编制单位：{case.name}</span><span>{case.audit_year}年12月31日</span><span>单位：元</span></div>
    <table class=lines><tr><th>资产<th>行次<th>期末余额<th>年初余额{rows}</table>
    <p style='margin-top: 6mm'>法定代表人：{case.legal}&emsp;&emsp;主管会计工作负责人：&emsp;&emsp;&emsp;&emsp;会计机构负责人：</p>"""
    return Sheet(body, margin=22)


def with_cover(case: Case) -> list[Sheet]:
    """A cover with the company's name, then the opinion."""
    cover = f"""<div class=mid style='margin-top: 60mm; font: 22pt 黑; line-height: 2'>{case.name}<br>
    {case.audit_year}年度财务报表<br>审计报告</div><div class=mid style='margin-top: 70mm; font-size: 14pt'>{_number(case)}
    <br><br>{case.auditor}</div>"""
    last = Sheet(_opinion(case) + _signed(case), "font-size: 11pt", seals=(Seal(62, 232),))
    return [Sheet(cover, seals=(Seal(105, 226),)), last, _balance(case)]


def letter_only(case: Case) -> list[Sheet]:
    """No cover: the opinion on the auditor's paper."""
    head = f"""<div style='border-bottom: .5mm solid #c8102e; color: #c8102e; font: 14pt 黑'>{case.auditor}</div>
    <div style='font-size: 8pt; margin-bottom: 8mm'>地址：北京市样例区样例路1号　电话：010-00000000</div>"""
    body = head + _opinion(case, "审计报告") + _signed(case)
    return [Sheet(body, "font: 11.5pt 仿宋, 余", seals=(Seal(62, 244),)), _balance(case)]


def with_report_code(case: Case) -> list[Sheet]:
    """A cover with the code by which the ministry's platform finds the report."""
    code = f"京25{case.number * 7919 + 100_000:08d}"
    cover = f"""<div style='display: flex; gap: 6mm'>{qr("https://acc.mof.example/" + code, 26)}<div style='font-size: 9pt'>
    此码用于证明该审计报告是否由具有执业许可的会计师事务所出具，<br>您可使用手机“扫一扫”或进入监管平台查验。<br>报告编码：{code}</div></div>
    <h1 style='font-size: 30pt; margin-top: 40mm'>审 计 报 告</h1><table class=lines style='margin-top: 20mm; font-size: 12pt'>
    <tr><td style='width: 42mm'>被审计单位名称<td>{case.name}<tr><td>报告类型<td>财务报表审计
    <tr><td>会计期间<td>{case.audit_year}年1月1日至{case.audit_year}年12月31日<tr><td>报告文号<td>{_number(case)}
    <tr><td>会计师事务所<td>{case.auditor}</table>"""
    last = Sheet(_opinion(case) + _signed(case), seals=(Seal(62, 224),))
    return [Sheet(cover, seals=(Seal(150, 190),)), last]


def with_contents(case: Case) -> list[Sheet]:
    """A cover with contents, as smaller firms bind it."""
    rows = "".join(
        f"<tr><td>{place}、{name}<td class=right>{place}"
        for place, name in enumerate(
            ("审计报告", "资产负债表", "利润表", "现金流量表", "财务报表附注"), start=1
        )
    )
    cover = f"""<div class=mid style='margin-top: 30mm; font: 18pt 黑'>{case.name}</div>
    <h1 style='margin-top: 10mm'>审计报告及财务报表</h1><div class=mid>（{case.audit_year}年度）</div>
    <p class=mid style='margin-top: 20mm'>目　　录</p><table style='width: 110mm; margin: 0 auto'>{rows}</table>
    <div class=mid style='margin-top: 50mm'>{case.auditor}<br>{chinese_day(case.invoice_date)}</div>"""
    last = Sheet(
        _opinion(case) + _signed(case), "font: 11pt 宋, 余", seals=(Seal(62, 230, 45, 45),)
    )
    return [Sheet(cover), last, _balance(case)]


LAYOUTS = (with_cover, letter_only, with_report_code, with_contents)
