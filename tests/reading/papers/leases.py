"""Leases of offices: clauses as landlords of Beijing write them, two pages each."""

from tests.reading.papers.cases import Case, chinese_day, chinese_money, money
from tests.reading.papers.parts import Seal, Sheet, photograph


def _yearly(case: Case) -> int:
    return round(float(case.area) * float(case.unit_price) * 365 * 100)


def _signatures(case: Case, first: str, then: str) -> Sheet:
    body = f"""<p>（以下无正文，为签署页）</p><table style='margin-top: 20mm'>
    <tr><td style='width: 50%'>{first}（盖章）：<br>{case.lessor}<td>{then}（盖章）：<br>{case.name}
    <tr><td style='padding-top: 14mm'>法定代表人或授权代表：<td style='padding-top: 14mm'>法定代表人或授权代表：
    <tr><td style='padding-top: 10mm'>日期：{_signed(case)}<td style='padding-top: 10mm'>日期：{_signed(case)}
    </table>"""
    return Sheet(body, seals=(Seal(58, 66), Seal(140, 68)))


def _signed(case: Case) -> str:
    return f"{case.start.year - 1}年12月{3 + case.number % 25}日"


def clauses(case: Case) -> list[Sheet]:
    """Clauses in words, 第一条 to 第八条, with the parties at the head."""
    body = f"""<h1>房屋租赁合同</h1><div class=in>
    <p>出租人（以下称甲方）：{case.lessor}</p><p>统一社会信用代码：{case.lessor_code}</p>
    <p>承租人（以下称乙方）：{case.name}</p><p>统一社会信用代码：{case.code}</p>
    <p>甲乙双方经协商一致，就乙方承租甲方房屋办公事宜订立本合同，共同遵守。</p>
    <p>第一条　房屋坐落。甲方将其有权出租的位于{case.address}的房屋（下称该房屋）租给乙方，该房屋建筑面积为
    {case.area}平方米，双方同意以此面积为计租面积，不再因实测差异调整。</p>
    <p>第二条　用途。该房屋用作研发和办公，其中研发及办公使用{case.rd_area}平方米，其余为公共服务和会议区域。</p>
    <p>第三条　租赁期限。租期三年，自{chinese_day(case.start)}起至{chinese_day(case.end)}止。甲方应于起租日前
    三十日将房屋交付乙方装修，装修期免收租金，物业费照付。</p>
    <p>第四条　租金。租金标准为每日每平方米人民币{case.unit_price}元（含税），年租金合计人民币
    {money(_yearly(case))}元（大写：{chinese_money(_yearly(case))}）。</p>
    <p>第五条　付款。租金三个月一付，先付后用，乙方于每期开始前十日内汇至甲方账户，甲方收款后开具发票。</p>
    <p>第六条　押金。乙方于签约后五个工作日内交纳相当于两个月租金的押金，合同终止并结清费用后无息退还。</p>
    <p>第七条　任何一方提前解除合同，应提前九十日书面通知对方，并承担相当于三个月租金的违约金。</p></div>
    <div class=at style='left: 100mm; bottom: 12mm'>— 1 —</div>"""
    style = "font: 12pt 仿宋, 余; line-height: 1.75"
    return [Sheet(body, style), _signatures(case, "甲方", "乙方")]


def office_building(case: Case) -> list[Sheet]:
    """The contract of an office tower, numbered 1.1, 1.2, with a red heading and a picture."""
    start, end = case.start, case.end
    body = f"""<div style='display: flex; justify-content: space-between'>
    <span style='color: #c00; font: 15pt 黑'>{case.lessor[2:6]}中心</span>{photograph(case.number, 46, 22)}</div>
    <h1 style='margin-top: 6mm; color: #c00'>写字楼租赁合同</h1><p class=right>合同编号：ZL-{start.year}-{case.number:04d}</p>
    <table><tr><td>出租方：{case.lessor}<td>承租方：{case.name}<tr><td>联系电话：010-0000{case.number:04d}
    <td>法定代表人：{case.legal}</table>
    <p><b>1. 租赁物</b></p><p>1.1 承租单元：{case.address}。</p>
    <p>1.2 承租单元租赁面积：{case.area}㎡（建筑面积）。使用率约68%，双方均无异议。</p>
    <p><b>2. 租期</b></p>
    <p>2.1 租赁期限为36个月，即从{start.year}年{start.month:02d}月{start.day:02d}日至{end.year}年{end.month:02d}月{end.day:02d}日。</p>
    <p>2.2 免租期为15日，免租期内承租方仍应支付物业管理费。</p>
    <p><b>3. 租金及费用</b></p><p>3.1 租金单价：人民币{case.unit_price}元/平方米/天，月租金＝单价×租赁面积×365÷12。</p>
    <p>3.2 每年租金总额：¥{money(_yearly(case))}元。</p><p>3.3 物业管理费：人民币28元/平方米/月，由承租方向物业公司交纳。</p>
    <p>3.4 保证金：人民币{money(_yearly(case) // 6)}元。</p>
    <p><b>4. 使用</b></p><p>4.1 承租方应将承租单元用于其营业执照载明的业务，不得擅自转租、分租。</p>
    <p>4.2 承租方如需续租，应在期满前六个月书面提出。</p>"""
    return [Sheet(body), _signatures(case, "出租方", "承租方")]


def table_of_terms(case: Case) -> list[Sheet]:
    """A sheet of terms as a table before the general conditions."""
    cells = [
        ("甲方（出租方）", case.lessor), ("乙方（承租方）", case.name), ("乙方统一社会信用代码", case.code),
        ("租赁房屋地址", case.address), ("租赁面积（建筑面积）", f"{case.area} 平方米"),
        ("其中：研发及办公面积", f"{case.rd_area} 平方米"), ("租赁用途", "研发、办公"),
        ("租赁期限", f"{case.start:%Y-%m-%d} 至 {case.end:%Y-%m-%d}"),
        ("租金标准", f"{case.unit_price} 元/平方米·天（含增值税）"), ("年租金", f"{money(_yearly(case))} 元"),
        ("支付方式", "押二付三，每季度首月5日前支付"), ("履约保证金", f"{money(_yearly(case) // 6)} 元"),
    ]  # fmt: skip
    rows = "".join(f"<tr><td style='width: 52mm'>{a}<td>{b}" for a, b in cells)
    body = f"""<h1>园区房屋租赁合同</h1><p class=right>编号：YQ{case.start.year}{case.number:03d}</p>
    <p><b>第一部分　合同要素表</b></p><table class=lines style='font-size: 11pt'>{rows}</table>
    <p style='margin-top: 6mm'><b>第二部分　通用条款</b></p>
    <p>一、甲方保证对租赁房屋享有合法的出租权利，并在起租日将房屋按现状交付乙方。</p>
    <p>二、乙方应按要素表约定支付租金和保证金，逾期的，每逾一日按欠付金额的万分之五支付违约金。</p>
    <p>三、未经甲方书面同意，乙方不得改变房屋结构和用途，不得转租。</p>
    <p>四、本合同一式肆份，甲乙双方各执贰份，自双方盖章之日起生效。</p>"""
    return [Sheet(body), _signatures(case, "甲方", "乙方")]


def filled_blanks(case: Case) -> list[Sheet]:
    """The city's model contract, its blanks filled in between underlines."""
    start, end = case.start, case.end
    blank = lambda text: f"<u>&nbsp;&nbsp;{text}&nbsp;&nbsp;</u>"  # noqa: E731
    body = f"""<h1>北京市房屋租赁合同（示范文本样例）</h1><div class=in>
    <p>出租人（甲方）：{blank(case.lessor)}</p><p>承租人（乙方）：{blank(case.name)}</p>
    <p>证照类型及编号：营业执照{blank(case.code)}</p>
    <p>依据有关法律规定，甲乙双方就房屋租赁的有关事宜达成协议如下：</p>
    <p>一、房屋基本情况：房屋坐落于{blank(case.address)}，建筑面积{blank(case.area)}平方米，
    租赁部分为该房屋的{blank("全部")}。</p>
    <p>二、租赁期限：（一）租赁期自{blank(start.year)}年{blank(start.month)}月{blank(start.day)}日至{blank(end.year)}年
    {blank(end.month)}月{blank(end.day)}日，共计{blank(36)}个月。甲方应于{blank(start.year)}年{blank(start.month)}月
    {blank(start.day)}日前将房屋交付乙方。</p>
    <p>三、租金及押金：（一）租金标准及支付方式：{blank(case.unit_price)}元/（㎡·日），租金总计：人民币
    {blank(chinese_money(_yearly(case) * 3))}（¥：{blank(money(_yearly(case) * 3))}）。</p>
    <p>（二）支付方式：（现金/转账支票/银行汇款）{blank("银行汇款")}，押{blank("贰")}付{blank("叁")}。</p>
    <p>四、其他相关费用：水、电、供暖、物业等费用由{blank("乙方")}承担。</p>
    <p>五、房屋维护：甲方应保证房屋处于可使用的状态；因乙方使用不当造成损坏的，由乙方维修。</p>
    <p>六、转租：除甲乙双方另有约定外，乙方转租应事先征得甲方书面同意。</p></div>"""
    style = "font: 12pt 宋, 余; line-height: 1.9"
    return [Sheet(body, style), _signatures(case, "出租人", "承租人")]


LAYOUTS = (clauses, office_building, table_of_terms, filled_blanks)
