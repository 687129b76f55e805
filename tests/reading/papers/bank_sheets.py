"""Sheets about a basic deposit account, as the central bank and banks print them."""

from tests.reading.papers.cases import Case, chinese_day
from tests.reading.papers.parts import Seal, Sheet


def account_information(case: Case) -> list[Sheet]:
    """基本存款账户信息, since permits were done away with in 2019."""
    rows = [
        ("账户名称", case.name), ("账户号码", case.account), ("开户银行", case.bank),
        ("法定代表人<br>（单位负责人）", case.legal), ("基本存款账户编号", case.account_permit),
    ]  # fmt: skip
    lines = "".join(f"<tr><td style='width: 44mm'>{a}：<td>{b}" for a, b in rows)
    body = f"""<h1 style='margin: 22mm 0 16mm'>基本存款账户信息</h1>
    <table style='font-size: 13pt; line-height: 2'>{lines}</table>
    <div class=at style='right: 36mm; top: 168mm; font-size: 12pt'>{chinese_day(case.founded)}</div>"""
    return [Sheet(body, seals=(Seal(148, 166, 40, 40),))]


def permit(case: Case) -> list[Sheet]:
    """开户许可证, as many companies still have it."""
    body = f"""<div style='border: 1.2mm double #8a6d1d; padding: 12mm; height: 120mm; position: relative'>
    <h1 style='font-size: 28pt; letter-spacing: 5mm'>开户许可证</h1>
    <div style='display: flex; justify-content: space-between'><span>核准号：{case.account_permit}</span>
      <span>编号：1000-{case.number + 4_380_000:08d}</span></div>
    <p style='margin-top: 8mm; text-indent: 2em; font-size: 12pt; line-height: 2'>经审核，<u>&emsp;{case.name}&emsp;</u>
    符合开户条件，准予开立基本存款账户。</p>
    <p style='font-size: 12pt'>法定代表人（单位负责人）<u>&emsp;{case.legal}&emsp;</u>&emsp;开户银行<u>&emsp;{case.bank}&emsp;</u></p>
    <p style='font-size: 12pt'>账&emsp;&emsp;号<u>&emsp;{case.account}&emsp;</u></p>
    <div class=at style='right: 24mm; bottom: 16mm'>发证机关（盖章）<br>{chinese_day(case.founded)}</div></div>"""
    return [Sheet(body, size=(297, 210), margin=24, seals=(Seal(232, 140),))]


def bank_letter(case: Case) -> list[Sheet]:
    """A letter of the bank, under its red head."""
    body = f"""<div class=mid style='color: #c8102e; font: 24pt 黑; border-bottom: 1mm solid #c8102e;
      padding-bottom: 4mm'>{case.bank[:4]}股份有限公司</div>
    <h1 style='margin-top: 14mm'>开户证明</h1><div class=in style='font-size: 13pt; line-height: 2'>
    <p>兹证明{case.name}（统一社会信用代码：{case.code}）已在我行开立人民币基本存款账户，账户信息如下：</p>
    <p>户名：{case.name}</p><p>账号：{_grouped(case.account)}</p><p>开户行：{case.bank}</p>
    <p>账户状态：正常</p><p>本证明仅说明上述账户的开立情况，不作其他用途。特此证明。</p></div>
    <div class=at style='right: 34mm; top: 190mm; text-align: right; font-size: 12pt'>{case.bank}<br>（业务公章）<br>
      {chinese_day(case.invoice_date)}</div>"""
    return [Sheet(body, seals=(Seal(146, 198, 45, 30),))]


def counter_print(case: Case) -> list[Sheet]:
    """A table printed at the counter, with the code of the transaction."""
    cells = [
        ("客户名称", case.name, "客户号", f"10{case.number:08d}"),
        ("账号", case.account, "账户性质", "基本存款账户"),
        ("开户机构", case.bank, "币种", "人民币"),
        ("证件类型", "统一社会信用代码", "证件号码", case.code),
        ("法定代表人", case.legal, "开户日期", f"{case.founded:%Y-%m-%d}"),
        ("基本户编号", case.account_permit, "账户状态", "正常"),
    ]
    rows = "".join(f"<tr><td>{a}<td>{b}<td>{c}<td>{d}" for a, b, c, d in cells)
    body = f"""<h1 style='font-size: 16pt'>单位银行结算账户信息查询单</h1>
    <div style='display: flex; justify-content: space-between; font-size: 9pt'>
      <span>打印机构：{case.bank}</span><span>打印日期：{case.invoice_date:%Y-%m-%d}</span>
      <span>交易码：0{case.number + 1400}</span></div>
    <table class=lines style='font-size: 9.5pt'>{rows}</table>
    <p style='font-size: 8pt; margin-top: 3mm'>注：本查询单加盖经办机构业务章后有效。经办柜员：0{case.number + 217}</p>"""
    return [Sheet(body, margin=20, seals=(Seal(160, 96, 38, 38),))]


def _grouped(account: str) -> str:
    return " ".join(account[at : at + 4] for at in range(0, len(account), 4))


LAYOUTS = (account_information, permit, bank_letter, counter_print)
