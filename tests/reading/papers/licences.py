"""Business licences: the duplicate as it is now and as it was, printed and copied."""

from tests.reading.papers.cases import Case, chinese_day
from tests.reading.papers.parts import Seal, Sheet, qr

_SITE = "http://www.gsxt.gov.cn"
_SCOPE = "技术开发、技术咨询、技术服务；软件开发；数据处理；检测服务；销售自行开发的产品；会议服务。（依法须经批准的项目，经相关部门批准后依批准的内容开展经营活动）"
_FOOT = f"国家企业信用信息公示系统网址：{_SITE}"
_YEARLY = "市场主体应当于每年1月1日至6月30日通过国家企业信用信息公示系统报送公示年度报告"
_OFFICE = "北京市石景山区市场监督管理局（样例）"


def _type(case: Case) -> str:
    if "股份" in case.name:
        return "其他股份有限公司（非上市）"
    return "有限责任公司（自然人投资或控股）"


def _code_of_entity(case: Case) -> str:
    return f"{_SITE}/index/{case.number:04d}"


def duplicate_landscape(case: Case) -> list[Sheet]:
    """As issued since 2019: two columns, landscape, in a red and golden frame."""
    rows = lambda pairs: "".join(  # noqa: E731
        f"<tr><td style='width: 24mm; vertical-align: top'>{a}<td>{b}" for a, b in pairs
    )
    left = rows(
        [("名&emsp;&emsp;称", case.name), ("类&emsp;&emsp;型", _type(case)),
         ("法定代表人", case.legal), ("经营范围", f"<span style='font-size: 8pt'>{_SCOPE}</span>")]
    )  # fmt: skip
    right = rows(
        [("注册资本", f"{500 + case.number * 100}万元"), ("成立日期", chinese_day(case.founded)),
         ("住&emsp;&emsp;所", case.address)]
    )  # fmt: skip
    body = f"""
    <div style='position: absolute; inset: 8mm; border: 1.6mm solid #c8102e; outline: .5mm solid #b8860b'></div>
    <div class=at style='left: 24mm; top: 26mm; font-size: 9pt'>统一社会信用代码<br><b>{case.code}</b></div>
    <h1 style='font-size: 40pt; letter-spacing: 6mm; margin: 6mm 0 0'>营业执照</h1>
    <div class=mid style='font-size: 14pt'>（副　本）（1-1）</div>
    <div class=at style='right: 24mm; top: 24mm'>{qr(_code_of_entity(case), 20)}</div>
    <div class=at style='right: 46mm; top: 28mm; font-size: 6.5pt; white-space: normal; width: 26mm'>
      扫描市场主体身份码了解更多登记、备案、许可、监管信息，体验更多应用服务。</div>
    <table style='margin-top: 6mm'><tr><td style='width: 55%; vertical-align: top'><table>{left}</table>
      <td style='vertical-align: top'><table>{right}</table></table>
    <div class=at style='right: 30mm; bottom: 28mm'>登 记 机 关<br><br>{_day_spaced(case)}</div>
    <div class=at style='left: 24mm; bottom: 14mm; font-size: 7pt'>{_FOOT}&emsp;&emsp;{_YEARLY}</div>
    <div class=at style='right: 24mm; bottom: 18mm; font-size: 7pt'>国家市场监督管理总局监制</div>"""
    return [Sheet(body, size=(297, 210), margin=22, seals=(Seal(238, 160),))]


def duplicate_portrait(case: Case) -> list[Sheet]:
    """As issued from 2015 on: portrait, one column, with 营业期限."""
    rows = [
        ("名　　称", case.name), ("类　　型", _type(case)), ("住　　所", case.address),
        ("法定代表人", case.legal), ("注册资本", f"{300 + case.number * 50}万元人民币"),
        ("成立日期", chinese_day(case.founded)),
        ("营业期限", f"{chinese_day(case.founded)} 至 长期"), ("经营范围", _SCOPE),
    ]  # fmt: skip
    table = "".join(f"<tr><td style='width: 30mm; vertical-align: top'>{a}<td>{b}" for a, b in rows)
    body = f"""<h1 style='font-size: 34pt; letter-spacing: 8mm; margin-top: 22mm'>营业执照</h1>
    <div class=mid style='font-size: 13pt'>(副&nbsp;&nbsp;本)　(2-2)</div>
    <div class=mid style='font-size: 12pt; margin: 6mm 0'>统一社会信用代码　{case.code}</div>
    <table style='font: 11pt 仿宋, 余'>{table}</table>
    <div class=at style='right: 46mm; top: 218mm'>登记机关</div>
    <div class=at style='right: 34mm; top: 236mm'>{_day_spaced(case)}</div>
    <div class=at style='left: 24mm; bottom: 16mm; font-size: 7.5pt'>企业信用信息公示系统网址：{_SITE}</div>
    <div class=at style='right: 24mm; bottom: 16mm; font-size: 7.5pt'>中华人民共和国国家工商行政管理总局监制</div>"""
    return [Sheet(body, seals=(Seal(152, 228, 40, 40),))]


def electronic_print(case: Case) -> list[Sheet]:
    """An electronic licence printed for one use, with a mark across it."""
    body = f"""<div class=at style='left: 40mm; top: 150mm; font-size: 30pt; color: #ddd;
      transform: rotate(-32deg)'>仅供申报平台项目使用　复印无效</div>
    <div class=right style='font-size: 8pt'>编号：{case.number + 3_071_500:09d}</div>
    <h1 style='font-size: 32pt; letter-spacing: 6mm'>营业执照</h1>
    <div class=mid>（电子副本）</div>
    <div style='display: flex; justify-content: space-between; margin: 4mm 0'>
      <div>统一社会信用代码：{case.code}</div>{qr(_code_of_entity(case), 22)}</div>
    <table class=lines><tr><td style='width: 28mm'>名称<td colspan=3>{case.name}
      <tr><td>类型<td>{_type(case)}<td style='width: 24mm'>法定代表人<td>{case.legal}
      <tr><td>注册资本<td>{800 + case.number * 10}万元<td>成立日期<td>{case.founded:%Y-%m-%d}
      <tr><td>住所<td colspan=3>{case.address}<tr><td>经营范围<td colspan=3>{_SCOPE}</table>
    <div class=right style='margin-top: 22mm'>登记机关：{_OFFICE}<br>{chinese_day(case.founded)}</div>
    <p style='margin-top: 12mm; font-size: 8pt'>提示：{_YEARLY}。{_FOOT}</p>"""
    return [Sheet(body, margin=26, seals=(Seal(158, 196, 40, 40),))]


def copy_with_note(case: Case) -> list[Sheet]:
    """A duplicate copied onto a sheet that the company sealed as a true copy."""
    rows = [
        ("名称", case.name), ("类型", _type(case)), ("法定代表人", case.legal),
        ("注册资本", f"{1000 + case.number * 20}万元"), ("成立日期", chinese_day(case.founded)),
        ("住所", case.address),
    ]  # fmt: skip
    table = "".join(f"<tr><td class=mid style='width: 34mm'>{a}<td>{b}" for a, b in rows)
    body = f"""<div style='border: .8mm solid #444; padding: 8mm; height: 160mm; position: relative'>
    <div style='display: flex; justify-content: space-between; font-size: 9pt'>
      <span>统一社会信用代码<br>{case.code}</span><span>证照编号：{case.number + 11_000_000}</span></div>
    <h1 style='font-size: 30pt; letter-spacing: 5mm; margin: 4mm 0'>营业执照</h1>
    <div class=mid>（副本）</div><table style='margin-top: 5mm'>{table}</table>
    <p style='margin-top: 3mm; font-size: 8.5pt'>经营范围&emsp;{_SCOPE}</p>
    <div class=at style='right: 22mm; bottom: 20mm'>登记机关<br>{_day_spaced(case)}</div></div>
    <p style='margin-top: 14mm'>此件与原件一致，仅用于申报。</p>
    <p class=right style='margin-top: 6mm'>{case.name}</p>"""
    return [Sheet(body, margin=22, seals=(Seal(150, 155, 40, 40), Seal(150, 225)))]


def _day_spaced(case: Case) -> str:
    day = case.founded
    return f"{day.year} 年 {day.month:02d} 月 {day.day:02d} 日"


LAYOUTS = (duplicate_landscape, duplicate_portrait, electronic_print, copy_with_note)
