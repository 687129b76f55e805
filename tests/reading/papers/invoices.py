"""Fully digital invoices for rent, in the layouts that tax offices print."""

from tests.reading.papers.cases import Case, chinese_money, money
from tests.reading.papers.parts import Sheet, qr

_RED = "#9b3a1f"


def _title(case: Case) -> str:
    return "电子发票（增值税专用发票）" if case.is_special_invoice else "电子发票（普通发票）"


def _side(kind: str, name: str, code: str) -> str:
    upright = "<br>".join(f"{kind}信息")
    return (
        f"<td style='width: 6mm; font-size: 8pt; line-height: 1.15; color: {_RED}' class=mid>{upright}"
        f"<td style='vertical-align: top; line-height: 2'><span style='color: {_RED}'>名称：</span>{name}"
        f"<br><span style='color: {_RED}'>统一社会信用代码/纳税人识别号：</span>{code}"
    )


def _invoice(case: Case, item: str, unit: str, note: str) -> str:
    net, tax = case.invoice_net, case.invoice_total - case.invoice_net
    heads = "".join(
        f"<th style='color: {_RED}'>{each}"
        for each in (
            "项目名称",
            "规格型号",
            "单 位",
            "数 量",
            "单 价",
            "金 额",
            "税率/征收率",
            "税 额",
        )
    )
    return f"""<div class=at style='left: 8mm; top: 6mm'>{qr(case.invoice_payload, 18)}</div>
    <div class=mid style='font-size: 17pt; color: {_RED}; padding-bottom: 1mm'>{_title(case)}</div>
    <div style='border-top: .3mm solid {_RED}; width: 70mm; margin: 0 auto 5mm'></div>
    <div class=at style='right: 10mm; top: 9mm; font-size: 9pt'>
      <span style='color: {_RED}'>发票号码：</span>{case.invoice_number}<br>
      <span style='color: {_RED}'>开票日期：</span>{case.invoice_date:%Y年%m月%d日}</div>
    <table class=lines style='font-size: 8.5pt'><tr>{_side("购买方", case.name, case.code)}
      {_side("销售方", case.lessor, case.lessor_code)}</table>
    <table style='font-size: 8.5pt; border: .3mm solid {_RED}; border-top: 0; height: 36mm'><tr>{heads}
      <tr style='height: 18mm; vertical-align: top'><td>{item}<td>{unit}<td class=mid>月<td class=right>3
      <td class=right>{net / 300:.6f}<td class=right>{money(net)}<td class=mid>9%<td class=right>{money(tax)}
      <tr><td class=mid>合&emsp;&emsp;计<td><td><td><td><td class=right>¥{money(net)}<td>
      <td class=right>¥{money(tax)}</table>
    <table class=lines style='font-size: 9pt'><tr><td style='width: 40mm' class=mid>价税合计（大写）
      <td>ⓧ {chinese_money(case.invoice_total)}<td style='width: 60mm'>（小写）¥{money(case.invoice_total)}
      <tr><td class=mid>备&emsp;注<td colspan=2 style='height: 14mm; vertical-align: top'>{note}</table>
    <div style='font-size: 9pt; margin-top: 2mm'>开票人：{case.contact}</div>"""


def landscape(case: Case) -> list[Sheet]:
    """The usual page of 241 by 140 mm."""
    note = f"租赁地址：{case.address}；租赁期起止：{case.start} {case.end}"
    body = _invoice(case, "*经营租赁*房屋租金", "第一季度", note)
    return [Sheet(body, size=(241, 140), margin=8)]


def property_lease(case: Case) -> list[Sheet]:
    """The kind for leases of real property, with a table of its own."""
    net, tax = case.invoice_net, case.invoice_total - case.invoice_net
    body = f"""<div class=at style='left: 8mm; top: 4mm; font-size: 9pt'>不动产经营租赁服务</div>
    <div class=at style='left: 9mm; top: 10mm'>{qr(case.invoice_payload, 17)}</div>
    <div class=mid style='font-size: 17pt; color: {_RED}'>{_title(case)}</div>
    <div class=right style='font-size: 9pt; margin-bottom: 2mm'>发票号码：{case.invoice_number}<br>
      开票日期：{case.invoice_date:%Y年%m月%d日}</div>
    <table class=lines style='font-size: 8.5pt'><tr>{_side("购买方", case.name, case.code)}
      {_side("销售方", case.lessor, case.lessor_code)}</table>
    <table style='font-size: 8pt; border: .3mm solid {_RED}; border-top: 0'>
      <tr><th>项目名称<th>产权证书/不动产权证号<th>面积单位<th>数量<th>单价<th>金额<th>税率<th>税额
      <tr><td>*经营租赁*不动产租赁<td>京（2019）石不动产权第00{case.number:05d}号<td class=mid>平方米
        <td class=right>{case.area}<td class=right>{net / 100 / float(case.area):.4f}
        <td class=right>{money(net)}<td class=mid>9%<td class=right>{money(tax)}
      <tr><td class=mid>合计<td><td><td><td><td class=right>¥{money(net)}<td><td class=right>¥{money(tax)}</table>
    <table class=lines style='font-size: 9pt'><tr><td>价税合计（大写）<td>{chinese_money(case.invoice_total)}
      <td>（小写）<td>¥{money(case.invoice_total)}
      <tr><td>备注<td colspan=3>不动产地址：{case.address}　租赁期起止：{case.start} {case.end}　跨地（市）标志：否
      <br>销方开户银行：{case.bank}；银行账号：0000{case.number:08d}；</table>
    <div style='font-size: 9pt'>开票人：{case.contact}</div>"""
    return [Sheet(body, size=(241, 140), margin=8)]


def on_a4(case: Case) -> list[Sheet]:
    """Printed by a browser at the head of an A4 page."""
    body = _invoice(case, "*经营租赁*写字楼租金", "", f"房屋坐落：{case.address}")
    scaled = f"<div style='width: 226mm; transform: scale(.86); transform-origin: 0 0'>{body}</div>"
    address = "https://inv-veri.example/print"
    foot = f"<div class=at style='left: 8mm; bottom: 6mm; font-size: 7pt; color: #777'>{address}　1/1</div>"
    return [Sheet(scaled + foot, margin=8)]


def with_collection(case: Case) -> list[Sheet]:
    """With names and codes broken over two lines, and notes of payment."""
    note = f"收款方式：银行转账<br>付款方开户行：{case.bank}<br>付款账号：{case.account}"
    body = _invoice(case, "*经营租赁服务*房屋<br>租赁费", "办公", note).replace(
        f"</span>{case.name}", f"</span>{case.name[:9]}<br>{case.name[9:]}"
    )
    return [Sheet(body, size=(241, 148), margin=8)]


LAYOUTS = (landscape, property_lease, on_a4, with_collection)
