"""Make fixtures/: the sample application, the minimal one, and one for every refusal.

    python scripts/make_fixtures.py [fixtures]

Everything in that folder is written here, words and pictures alike, and everybody in it is
invented: the companies, people, codes, numbers and seals belong to no one. The same script with
the same libraries writes the same bytes: no clock, no chance but a seeded one, no dates or
random ids in the PDFs.

The documents are HTML laid out by WeasyPrint with the fonts of templates/fonts/; the "scans" are
such pages drawn to pixels, put on noisy paper and tilted a little. Line breaks inside the HTML
and the prose below mean nothing (`squeeze` takes them out), so that long Chinese text can be
wrapped to the width of the source.
"""

import copy
import io
import json
import logging
import math
import random
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from stdnum.cn import uscc
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "templates" / "fonts"
FONT_CONFIG = FontConfiguration()

Json = dict[str, Any]
Row = tuple[str, ...]


# ── Who and what: all invented ──────────────────────────────────────────────────────────────


def made_up_code(kind: str, organisation: str) -> str:
    """A social credit code that checks (GB 32100 and GB 11714) and that nobody bears.

    `kind` is the registering authority and place, `organisation` eight characters of which the
    run of Y shows at a glance that they are made up.
    """
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    values = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(values.index(c) * w for c, w in zip(organisation, weights, strict=True))
    body = kind + organisation + "0123456789X0"[(11 - total % 11) % 11]
    return str(uscc.validate(body + uscc.calc_check_digit(body)))


APPLICANT = "北京砚溪样例智能科技有限公司"
INSTITUTE = "样例大学人工智能研究院"
RESEARCH = "北京石榴样例数据研究有限公司"
LANDLORD = "北京样例园区运营管理有限公司"
AUDITOR = "北京样例会计师事务所（普通合伙）"
AUTHORITY = "北京市科技主管部门（样例）"
INDUSTRY = "北京市产业主管部门（样例）"
BANK = "样例银行石景山支行"
LAB = "可信大模型评测与安全治理北京市重点实验室（样例）"
PILOT = "大模型应用中试公共服务平台（样例）"
ADDRESS = "北京市石景山区样例大街88号创新中心A座5—7层"
APPLICANT_CODE = made_up_code("91110107", "MAYYYYY1")
INSTITUTE_CODE = made_up_code("12110000", "YYYYYYY2")
RESEARCH_CODE = made_up_code("91110107", "MAYYYYY3")
LANDLORD_CODE = made_up_code("91110107", "MAYYYYY4")
MINIMAL_CODE = made_up_code("91110107", "MAYYYYY5")
HEAD = "林砚秋"
LIAISON = "周禾"

CONSTRUCTION = """
一、建设目标

围绕石景山区人工智能大模型产业集聚区建设需要，依托可信大模型评测与安全治理北京市重点实验室（样
例），建设“评测、治理、适配、培训”四位一体的大模型公共服务平台。到2027年底，建成覆盖通用能
力、行业能力和安全能力的评测体系，形成面向中小企业的低门槛模型适配与应用中试能力，累计服务企业和
机构不少于300家，成为区内大模型研发与应用落地的重要支撑。

二、主要任务

（一）建设可信评测体系。研制大模型评测指标体系和题库，涵盖知识理解、逻辑推理、代码生成、多模态理
解、内容安全、数据安全等6个方向、42项指标；建设题库动态更新与防泄漏机制，每季度更新题目比例不低
于20%。

（二）攻关安全治理技术。重点突破生成内容溯源、对抗样本检测、训练数据合规清洗、模型幻觉抑制等关键
技术，形成可复用的工具链，以开源或普惠授权方式向社会提供。

（三）搭建应用中试环境。面向政务服务、工业检测、文化科技、银发康养等场景，建设4个应用中试间，提
供从数据治理、模型微调、压力测试到上线评估的全流程中试服务，帮助企业把样机做成产品。

（四）培养专业人才。联合设立主体开设评测工程师、数据治理工程师实训课程，每年培训不少于400人次，
接收博士后、研究生联合培养不少于20人。

三、研发条件

平台位于石景山区样例大街88号创新中心A座5—7层，总面积3,200平方米，其中研发及办公面积2,460.5平方
米，设研发区、模型评测室、数据治理室、应用中试间、公共服务大厅和培训教室。现有专职人员86人，其中
研发人员61人，占比70.9%；高级职称14人，博士19人。近三年承担各级科研课题9项，获授权发明专
利23件、软件著作权41项，牵头或参与编制团体标准5项。

四、算力与数据

（一）算力条件。自有训练与推理服务器32台，可用算力约26 PFLOPS（FP16），另通过协议方式预留弹性算
力40 PFLOPS；建有统一调度平台，支持多种国产芯片混合调度，面向入驻企业按需分配、按量计费。

（二）数据资源。建成中文高质量语料约2.6 TB、行业评测数据集58个，全部完成来源登记、授权核验和分类
分级。涉及个人信息和重要数据的，按照最小必要原则在隔离环境内使用，操作全程留痕，定期开展合规审
计。

五、公共服务

（一）评测服务。对外提供模型能力评测、上线前安全评估和第三方验证，常规评测5个工作日内出具报告，
每年完成不少于120个模型版本的评测。

（二）适配服务。提供国产软硬件适配、模型压缩与部署优化服务，每年完成适配项目不少于60项，帮助企业
平均降低推理成本30%以上。

（三）普惠服务。对区内初创企业每年发放不少于200万元的评测与算力服务券，对高校院所公益性研究免收
评测费用，每月固定开放一天技术门诊。

六、开放共享

平台仪器设备、评测题库、基准数据集和工具链纳入统一目录对外开放，大型设备年均开放共享机时不低于总
机时的35%。服务项目、收费标准、办理流程在平台网站和服务大厅同步公示，接受用户评价和社会监督；评
价结果按季度公开，并与内部绩效考核挂钩。

七、运营机制

实行理事会领导下的主任负责制，理事会由三家设立主体共同组成：北京砚溪样例智能科技有限公司负责日常
运营、平台建设和公共服务；样例大学人工智能研究院负责基础理论研究和人才培养；北京石榴样例数据研究
有限公司负责数据治理和行业评测集建设。下设学术委员会、伦理与安全委员会和用户委员会，重大事项集体
决策。三方已签订联合建设合作协议，明确投入、成果归属和收益分配，并授权申报单位统一申报本项目。

八、经费使用计划

（一）场地租金。研发及办公面积2,460.5平方米，租金单价5.2元/平方米·天，年租金467.00万元，申请按
市级80%的比例给予补贴，年补贴373.60万元，三年合计1,120.80万元，全部用于支付研发及办公场地租金。

（二）运营经费。预计每年运营支出620万元，申请支持480万元，其中技术研发210万元、评测与算力服
务130万元、人才培养60万元、开放共享与标准研制50万元、日常运维30万元，其余由设立主体自筹。支持资
金单独核算、专款专用，以实际发生额为限，每年委托会计师事务所专项审计。

九、预期成果

（一）技术成果。申请发明专利40件以上，研制团体及以上标准6项，开源工具和数据集不少于12个，发布年
度大模型可信评测报告3份。

（二）服务成果。三年累计评测模型版本360个以上，完成适配和中试项目220项以上，服务企业和机构300家
以上，其中石景山区企业不少于120家。

（三）产业成果。引进和孵化大模型相关企业25家以上，带动社会投资2亿元以上，新增就业岗位600个以上，
形成可复制、可推广的公共服务平台建设经验。
"""

REMARKS = """
1.本平台由三家单位联合建设，样例大学人工智能研究院和北京石榴样例数据研究有限公司均已出具授权证
明，同意由申报单位统一申报，见第三类材料。

2.场地租赁合同约定的租赁面积与申报总面积一致，各层面积及用途见场地平面图。
"""

OPINION = """
本单位已对申报材料逐项核对，所填内容真实、准确、完整，同意申报。如获支持，将严格按照经费使用计划
和有关管理规定使用资金，按期完成各项建设任务，并接受有关部门的监督检查。
"""


# ── Small helpers ───────────────────────────────────────────────────────────────────────────


def squeeze(text: str) -> str:
    """Take out line breaks and the blanks beside them: they only serve the source."""
    return re.sub(r"[ \t]*\n[ \t]*", "", text)


def prose(text: str) -> str:
    """Paragraphs as the application wants them: one newline between, none within."""
    return "\n".join(squeeze(part) for part in text.strip().split("\n\n"))


def paragraphs(text: str) -> str:
    """The same as HTML; the number and name of a clause (第一条 租赁房屋。) are set apart."""
    clause = re.compile(r"^(第[一二三四五六七八九十]+条) ([^。]+。)")
    return "".join(
        "<p>" + clause.sub(r"<span class=lead>\1　\2</span>", line) + "</p>"
        for line in prose(text).split("\n")
    )


def money(value: Decimal | str) -> str:
    """12,345.60; a dash for nothing."""
    amount = Decimal(value)
    return f"{amount:,.2f}" if amount else "—"


def table(rows: Iterable[Sequence[str]], widths: Sequence[int], *, head: bool = False) -> str:
    """An HTML table of fixed column `widths` in percent, its first row a heading if `head`."""
    columns = "".join(f"<col style='width:{w}%'>" for w in widths)
    body = ""
    for number, row in enumerate(rows):
        cell = "th" if head and number == 0 else "td"
        body += "<tr>" + "".join(f"<{cell}>{text}</{cell}>" for text in row) + "</tr>"
    return f"<table><colgroup>{columns}</colgroup>{body}</table>"


# ── Pages ───────────────────────────────────────────────────────────────────────────────────

FACES = (
    ("Fang", 400, "FandolFang-Regular.otf"),
    ("Song", 400, "NotoSerifSC-Regular.ttf"),
    ("Song", 700, "NotoSerifSC-Bold.ttf"),
    ("Hei", 400, "NotoSansSC-Medium.ttf"),
)

BASE_CSS = """
@page { size: A4; margin: 26mm 24mm 24mm 26mm }
body { font: 12pt/1.75 Fang, Song; margin: 0; color: #111 }
p { margin: 0; text-indent: 2em; text-align: justify }
.lead, b { font: 1em Hei }
p.plain { text-indent: 0 }
h1 { font: 700 20pt/1.4 Song; text-align: center; margin: 4mm 0 7mm; bookmark-level: none }
h2 { font: 14pt/1.5 Hei; margin: 5mm 0 2mm; bookmark-level: none }
h3 { font: 12pt/1.5 Hei; margin: 3mm 0 1mm; bookmark-level: none }
table { border-collapse: collapse; table-layout: fixed; width: 100%; font-size: 10.5pt;
 line-height: 1.45; margin: 2mm 0; break-inside: avoid }
td, th { border: .5pt solid #333; padding: 1.2mm 2mm; overflow-wrap: anywhere }
th { font-family: Hei, Song; font-weight: 400; background: #f1f1ee }
.right { text-align: right; text-indent: 0 }
.centre { text-align: center; text-indent: 0 }
.small { font-size: 9.5pt; line-height: 1.5 }
.mark { position: fixed; top: 40%; left: 0; right: 0; text-align: center; font: 700 92pt Song;
 color: #f0f0ed; transform: rotate(-32deg); z-index: -1; letter-spacing: 18mm;
 text-indent: 18mm }
.sign { position: relative; margin-top: 12mm; text-align: right; padding-right: 16mm;
 min-height: 42mm }
.sign p { text-align: right; text-indent: 0 }
.sign svg { position: absolute; right: 14mm; top: -12mm }
.hand { font: italic 15pt Fang; color: #1b2a55 }
.pair { display: flex; gap: 8mm; margin-top: 12mm }
.pair > div { flex: 1; position: relative; min-height: 48mm }
.pair p { text-indent: 0; text-align: left }
.pair svg { position: absolute; left: 24mm; top: -5mm }
.pair { break-inside: avoid }
.tall p { line-height: 2 }
"""

WATERMARK = "<div class=mark>样例</div>"


def pdf(body: str, css: str = "", *, title: str) -> bytes:
    """Lay `body` out and return a PDF without dates, producer or random id."""
    faces = "".join(
        f"@font-face {{ font-family: {family}; font-weight: {weight};"
        f" src: url('{(FONTS / file).as_uri()}') }}"
        for family, weight, file in FACES
    )
    html = (
        f"<html lang=zh-CN><title>{title}</title>"
        f"<style>{faces}{BASE_CSS}{css}</style><body>{squeeze(body)}</body></html>"
    )
    return tidy(HTML(string=html).write_pdf(font_config=FONT_CONFIG), title)


def tidy(data: bytes, title: str, password: str | None = None) -> bytes:
    """Write a PDF anew: packed, its title the only metadata, its id a function of its content.

    With a `password` it is encrypted by the old RC4, because AES begins with random bytes.
    """
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        for key in list(document.trailer.get("/Info", {}).keys()):
            del document.docinfo[key]
        document.docinfo["/Title"] = pikepdf.String(title)
        if "/Metadata" in document.Root:
            del document.Root.Metadata
        if password is None:
            document.save(
                target,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                recompress_flate=True,
            )
        else:
            lock = pikepdf.Encryption(
                user=password, owner=password + "-owner", R=3, aes=False, metadata=False
            )
            document.save(target, static_id=True, encryption=lock)
    return target.getvalue()


def seal(name: str, caption: str = "样例", size: int = 40) -> str:
    """A round red seal as SVG, `name` along the rim. The caption says that it is a sample."""
    arc = 262 if len(caption) < 4 else 232
    step = min(25.0, arc / (len(name) - 1))
    letter = min(21.0, math.radians(step) * 72)
    rim = "".join(
        f"<text x='0' y='{-75 + letter / 2.6:.1f}' font-size='{letter:.1f}' text-anchor='middle'"
        f" transform='rotate({(number - (len(name) - 1) / 2) * step:.2f})'>{char}</text>"
        for number, char in enumerate(name)
    )
    star = " ".join(
        f"{(24 if i % 2 == 0 else 9.2) * math.sin(math.pi * i / 5):.2f},"
        f"{-6 - (24 if i % 2 == 0 else 9.2) * math.cos(math.pi * i / 5):.2f}"
        for i in range(10)
    )
    low, small = (52, 20) if len(caption) < 4 else (38, 14)
    return (
        f"<svg width='{size}mm' height='{size}mm' viewBox='-100 -100 200 200'"
        " font-family='Song' font-weight='700' fill='#d0202a' opacity='.84'>"
        "<circle r='95' fill='none' stroke='#d0202a' stroke-width='5'/>"
        f"<polygon points='{star}'/>{rim}"
        f"<text x='0' y='{low}' font-size='{small}' text-anchor='middle'>{caption}</text></svg>"
    )


def pair_of_signatures(left: Row, right: Row, date: str) -> str:
    """Two parties side by side, each (role, name, signatory), sealed."""
    cells = "".join(
        f"<div><p>{role}（盖章）：</p><p>{name}</p><p>代表（签字）：<span class=hand>{person}"
        f"</span></p><p>{date}</p>{seal(name)}</div>"
        for role, name, person in (left, right)
    )
    return f"<div class=pair>{cells}</div>"


# ── Scans ───────────────────────────────────────────────────────────────────────────────────


def raster(data: bytes, dpi: int) -> list[Image.Image]:
    """Draw every page of a PDF to pixels."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def noise(size: tuple[int, int], grain: int, depth: int, seed: int) -> Image.Image:
    """Grey blotches of about `grain` pixels, from white down by `depth` levels."""
    width, height = size[0] // grain + 2, size[1] // grain + 2
    source = random.Random(seed)
    values = bytes(255 - source.randrange(depth + 1) for _ in range(width * height))
    return Image.frombytes("L", (width, height), values).resize(size, Image.Resampling.BICUBIC)


def scanned(page: Image.Image, tilt: float, seed: int) -> Image.Image:
    """Make a clean page look like one from an office scanner: paper, blotches, tilt, a shadow."""
    paper = Image.merge(
        "RGB",
        [
            noise(page.size, grain, 6, seed).point(lambda v, s=s: v - s)
            for grain, s in ((90, 2), (90, 4), (90, 11))
        ],
    )
    sheet = ImageChops.multiply(page, paper)
    fine = noise(page.size, 3, 7, seed + 1).convert("RGB")
    sheet = ImageChops.multiply(sheet, fine)
    turned = sheet.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=(226, 226, 222))
    shade = Image.new("L", page.size, 255)
    draw = ImageDraw.Draw(shade)
    for x in range(26):
        draw.line([(x, 0), (x, page.size[1])], fill=196 + x * 59 // 26)
    turned = ImageChops.multiply(turned, shade.convert("RGB"))
    return turned.filter(ImageFilter.GaussianBlur(0.55))


def jpeg(data: bytes, dpi: int, tilt: float, seed: int) -> bytes:
    """The first page of a PDF as a scanned JPEG."""
    target = io.BytesIO()
    image = scanned(raster(data, dpi)[0], tilt, seed)
    image.save(target, "JPEG", quality=66, optimize=True, dpi=(dpi, dpi))
    return target.getvalue()


def inks() -> Image.Image:
    """A palette of black, red and blue ink, each in some steps down to paper."""
    colours = [238, 238, 235]  # the watermark
    for red, green, blue in ((20, 20, 20), (208, 32, 42), (27, 42, 85)):
        for step in range(9):
            for ink, paper in ((red, 250), (green, 249), (blue, 245)):
                colours.append(ink + (paper - ink) * step // 8)
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours)
    return palette


def png(data: bytes, dpi: int, tilt: float, turn: int = 0) -> bytes:
    """The first page of a PDF as a scanned PNG of few colours, fed the wrong way by `turn`."""
    page = raster(data, dpi)[0].rotate(tilt, Image.Resampling.BICUBIC, fillcolor=(236, 236, 232))
    image = page.rotate(turn, expand=True).quantize(palette=inks(), dither=Image.Dither.NONE)
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True, dpi=(dpi, dpi))
    return target.getvalue()


def fax_tiff(data: bytes, dpi: int, tilts: Sequence[float], seed: int) -> bytes:
    """Every page of a PDF as one page of a black-and-white TIFF (CCITT group 4)."""
    source = random.Random(seed)
    pages = []
    for page, tilt in zip(raster(data, dpi), tilts, strict=True):
        grey = page.convert("L").rotate(tilt, Image.Resampling.BICUBIC, fillcolor=255)
        bits = grey.point(lambda v: 255 if v > 185 else 0)
        draw = ImageDraw.Draw(bits)
        for _ in range(70):
            x, y = source.randrange(page.width), source.randrange(page.height)
            draw.rectangle([x, y, x + source.randrange(2), y + source.randrange(2)], fill=0)
        pages.append(bits.convert("1", dither=Image.Dither.NONE))
    target = io.BytesIO()
    pages[0].save(
        target,
        "TIFF",
        save_all=True,
        append_images=pages[1:],
        compression="group4",
        dpi=(dpi, dpi),
    )
    return target.getvalue()


# ── 2 场地租赁合同、发票及租金支付凭证 ──────────────────────────────────────────────────────

LEASE = f"""
出租方（甲方）：{LANDLORD}（统一社会信用代码：{LANDLORD_CODE}）

承租方（乙方）：{APPLICANT}（统一社会信用代码：{APPLICANT_CODE}）

根据《中华人民共和国民法典》及有关法律法规，甲乙双方在平等、自愿、协商一致的基础上，就房屋租赁事
宜订立本合同。

第一条 租赁房屋。甲方将位于{ADDRESS}的房屋出租给乙方使用，建筑面积共3,200平方米，其中五层1,080平
方米、六层1,080平方米、七层1,040平方米。房屋平面图为本合同附件，与本合同具有同等效力。

第二条 用途。乙方承租该房屋用于人工智能大模型相关研发、办公、公共服务及人才培训，其中研发及办公
面积2,460.5平方米。未经甲方书面同意，乙方不得改变房屋用途，不得将房屋全部转租。

第三条 租赁期限。租赁期限自2025年1月1日起至2027年12月31日止，共三年。租赁期满，乙方需要续租的，
应当于期满三个月前书面提出，同等条件下享有优先承租权。

第四条 租金标准。租金单价为人民币5.2元/平方米·天（含增值税），按建筑面积计算，年租金为人民
币6,073,600.00元（大写：陆佰零柒万叁仟陆佰元整）。租赁期内租金单价不变。

第五条 支付方式。租金按季度支付，每季度人民币1,518,400.00元（大写：壹佰伍拾壹万捌仟肆佰元
整）。乙方应当于每季度首月十日前以银行转账方式支付至甲方指定账户，甲方收款后五个工作日内开具等额
增值税专用发票。

第六条 履约保证金。乙方于本合同签订之日起十个工作日内支付履约保证金人民币500,000.00元。租赁期满
且乙方结清全部费用后，甲方于十五个工作日内无息退还。

第七条 交付与验收。甲方应当于2024年12月20日前交付房屋。交付时双方共同查验房屋及附属设施，并签署
交接清单。

第八条 物业与能源费用。物业服务费、水费、电费、供暖费、空调费由乙方按照实际使用量和公示标准承
担，按月结算。

第九条 甲方的权利和义务。甲方保证对该房屋享有合法的出租权利；负责房屋主体结构、公共设施设备的维
修养护；保障供电容量不低于1,600千伏安，满足乙方研发设备用电需要；配合乙方办理工商登记及政策申报
所需的场地证明。

第十条 乙方的权利和义务。乙方应当按时支付租金，爱护房屋及设施设备；装修方案应当经甲方书面同意，
并符合消防、环保和安全生产规定；对机房等重点部位落实专人管理，定期开展安全检查。

第十一条 合同的变更与解除。经双方协商一致，可以变更或者解除本合同。因不可抗力致使合同目的不能实
现的，双方均可解除合同，互不承担违约责任，租金按实际使用天数结算。

第十二条 违约责任。乙方逾期支付租金的，每逾期一日按应付未付金额的万分之三支付违约金；逾期超过三
十日的，甲方有权解除合同。甲方逾期交付房屋的，每逾期一日按日租金的标准支付违约金。

第十三条 争议解决。因本合同发生的争议，双方应当协商解决；协商不成的，任何一方均可向房屋所在地人
民法院提起诉讼。

第十四条 其他。本合同一式四份，双方各执两份，自双方法定代表人或者授权代表签字并加盖公章之日起生
效。未尽事宜由双方另行签订补充协议。
"""


def lease_contract() -> bytes:
    """Area, price, term, payment: what the notice wants to see."""
    signatures = pair_of_signatures(
        ("甲方", LANDLORD, "郑云鹤"), ("乙方", APPLICANT, HEAD), "2024年12月2日"
    )
    body = f"""{WATERMARK}<h1>房屋租赁合同</h1>
<p class=right>合同编号：YLZL-2024-0088</p><div class=tall>{paragraphs(LEASE)}</div>
<p class="centre small">（以下无正文，为签章部分）</p>{signatures}"""
    css = """@page { @bottom-center { content: "第" counter(page) "页 共" counter(pages) "页";
 font: 9pt Fang } }"""
    return pdf(body, css, title="房屋租赁合同（样例）")


# x, y, width, height, name, square metres, research or office
ROOMS = (
    (0, 0, 330, 190, "研发区A", "260.0", True),
    (330, 0, 310, 190, "研发区B", "240.5", True),
    (0, 260, 230, 190, "模型评测室", "180.0", True),
    (230, 260, 230, 190, "数据治理室", "180.0", True),
    (640, 0, 160, 190, "机房", "96.0", False),
    (460, 260, 100, 190, "会议室", "60.0", False),
    (560, 260, 240, 190, "楼梯、电梯、设备间", "", False),
    (0, 190, 800, 70, "公共走廊（与楼梯、电梯、设备间合计63.5㎡）", "", False),
)


def floor_plan() -> bytes:
    """A landscape A4 page."""
    shapes = ""
    for x, y, width, height, name, area, research in ROOMS:
        fill = "#e3edf6" if research else "#f4f3ee"
        cx, cy = x + width / 2, y + height / 2
        shapes += (
            f"<rect x='{x}' y='{y}' width='{width}' height='{height}' fill='{fill}'"
            f" stroke='#222' stroke-width='3'/>"
            f"<text x='{cx}' y='{cy - 2 if area else cy + 5}' text-anchor='middle' font-size='17'"
            f" font-family='Hei'>{name}</text>"
        )
        if area:
            shapes += (
                f"<text x='{cx}' y='{cy + 22}' text-anchor='middle' font-size='15'"
                f" font-family='Song'>{area}㎡</text>"
            )
    for x, y in (
        (150, 190),
        (590, 190),
        (700, 190),
        (100, 260),
        (330, 260),
        (505, 260),
        (640, 260),
    ):
        shapes += f"<rect x='{x}' y='{y - 3}' width='34' height='6' fill='#fff'/>"
        shapes += (
            f"<path d='M{x} {y} L{x} {y + (26 if y == 190 else -26)} A34 26 0 0"
            f" {0 if y == 190 else 1} {x + 34} {y}' fill='none' stroke='#555'/>"
        )
    for number in range(9):
        x = number * 100
        shapes += (
            f"<line x1='{x}' y1='-26' x2='{x}' y2='0' stroke='#999' stroke-dasharray='5 3'/>"
            f"<circle cx='{x}' cy='-38' r='12' fill='#fff' stroke='#555'/>"
            f"<text x='{x}' y='-33' text-anchor='middle' font-size='13' font-family='Song'>"
            f"{number + 1}</text>"
        )
    shapes += (
        "<g transform='translate(852 30)' stroke='#222' fill='#222'>"
        "<path d='M0 -30 L10 22 L0 12 L-10 22 Z'/>"
        "<text x='0' y='-36' text-anchor='middle' font-size='16' stroke='none'"
        " font-family='Hei'>北</text></g>"
        "<g transform='translate(0 478)'><rect width='100' height='7' fill='#222'/>"
        "<rect x='100' width='100' height='7' fill='#fff' stroke='#222'/>"
        "<text x='214' y='9' font-size='14' font-family='Song'>10米</text></g>"
    )
    areas = table(
        [
            ("楼层", "建筑面积（㎡）", "其中研发及办公（㎡）", "其他面积（㎡）", "主要用途"),
            ("五层", "1,080.0", "860.5", "219.5", "模型研发、可信评测、数据治理、机房"),
            ("六层", "1,080.0", "840.0", "240.0", "应用中试、国产适配、开放工位"),
            ("七层", "1,040.0", "760.0", "280.0", "联合研究、公共服务大厅、培训教室"),
            ("合计", "3,200.0", "2,460.5", "739.5", ""),
        ],
        (10, 16, 20, 16, 38),
        head=True,
    )
    body = f"""<h1>创新中心A座五层平面图及分层面积表</h1>
<svg class=plan viewBox='-20 -56 900 552' width='208mm' height='128mm'>{shapes}</svg>
<div class=side><p>图例</p><p><i style='background:#e3edf6'></i>研发及办公</p>
<p><i style='background:#f4f3ee'></i>公共及辅助</p>
<p class=note>本图为房屋租赁合同附件，图中面积为建筑面积。<br>图号：YLZL-2024-0088-附1<br>样例图
纸，
不作施工依据</p></div>{areas}<div class=stamp>{seal(LANDLORD, size=34)}</div>"""
    css = """@page { size: A4 landscape; margin: 10mm 14mm }
body { position: relative; font-size: 11pt } h1 { font-size: 16pt; margin: 0 0 2mm }
.plan { display: block; margin-left: 0 }
.side { position: absolute; right: 0; top: 18mm; width: 50mm; border: .5pt solid #444;
 padding: 4mm; line-height: 1.7 }
.side p { text-indent: 0 } .side i { display: inline-block; width: 8mm; height: 4mm;
 border: .4pt solid #333; margin-right: 3mm }
.note { margin-top: 5mm; font-size: 9.5pt; text-align: left }
td, th { text-align: center; padding: 1.2mm }
.stamp { position: absolute; right: 8mm; top: 90mm }"""
    return pdf(body, css, title="场地平面图（样例）")


INVOICE_CSS = """
@page { size: 241mm 140mm; margin: 6mm 9mm }
body { font: 9pt/1.45 Song; color: #222 }
.page { break-after: page; position: relative; height: 127mm }
.page:last-child { break-after: auto }
h1 { font: 17pt/1.3 Hei; color: #8a3b12; margin: 0; padding-top: 4mm; height: 18mm;
 letter-spacing: 1mm }
h1 span { border-bottom: 2.2pt double #8a3b12; padding: 0 3mm 1mm }
.no { position: absolute; right: 0; top: 3mm; font-size: 9pt; line-height: 1.7 }
.code { position: absolute; left: 0; top: 0; width: 17mm; height: 13mm; border: .8pt dashed #8a3b12;
 color: #8a3b12; text-align: center; font-size: 8pt; padding-top: 3mm; line-height: 1.4 }
table { margin: 0; font-size: 9pt } td, th { border: .6pt solid #8a3b12; padding: 1.5mm 2mm;
 vertical-align: top } th { color: #8a3b12; background: none; font-family: Song }
table + table { border-top: 0; margin-top: -.6pt }
.goods td, .goods th { border-top: 0; border-bottom: 0 } .goods { border: .6pt solid #8a3b12 }
.goods tr:nth-child(3) td { height: 24mm }
.goods td:nth-child(n+4), .goods th:nth-child(n+4) { text-align: right }
svg { position: absolute; left: 94.5mm; top: -3mm }
.void { position: absolute; left: 84mm; top: 50mm; font: 700 44pt Song; color: #f0ddd3;
 letter-spacing: 10mm; transform: rotate(-18deg); z-index: -1 }
"""

QUARTERS = (
    ("01", "第一季度", "2025年1月1日至3月31日", "2025年01月09日"),
    ("02", "第二季度", "2025年4月1日至6月30日", "2025年04月09日"),
    ("03", "第三季度", "2025年7月1日至9月30日", "2025年07月09日"),
)
RENT = Decimal("1518400.00")
RENT_NET = Decimal("1393027.52")
RENT_WORDS = "壹佰伍拾壹万捌仟肆佰圆整"


def invoices(quarters: Sequence[Row]) -> bytes:
    """Electronic VAT invoices on their own paper of 241 by 140 mm, a page a quarter."""
    oval = (
        "<svg width='34mm' height='23mm' viewBox='-85 -58 170 116' fill='#d0202a' opacity='.85'"
        " font-family='Song' text-anchor='middle'><ellipse rx='80' ry='53' fill='none'"
        " stroke='#d0202a' stroke-width='4'/><ellipse rx='73' ry='46' fill='none'"
        " stroke='#d0202a' stroke-width='1.5'/><text y='-18' font-size='16'>样例发票监制章</text>"
        "<text y='32' font-size='16'>仅供演示</text></svg>"
    )
    pages = ""
    for number, quarter, period, day in quarters:
        people = table(
            [
                (
                    f"购买方信息<br>名称：{APPLICANT}<br>统一社会信用代码：{APPLICANT_CODE}",
                    f"销售方信息<br>名称：{LANDLORD}<br>统一社会信用代码：{LANDLORD_CODE}",
                )
            ],
            (50, 50),
        )
        goods = table(
            [
                ("项目名称", "规格型号", "单位", "数量", "单价", "金额", "税率", "税额"),
                (
                    "*经营租赁*房屋租金",
                    f"2025年{quarter}",
                    "季度",
                    "1",
                    money(RENT_NET),
                    money(RENT_NET),
                    "9%",
                    money(RENT - RENT_NET),
                ),
                ("", "", "", "", "", "", "", ""),
                (
                    "合　　计",
                    "",
                    "",
                    "",
                    "",
                    f"¥{money(RENT_NET)}",
                    "",
                    f"¥{money(RENT - RENT_NET)}",
                ),
            ],
            (22, 13, 7, 7, 15, 15, 7, 14),
            head=True,
        ).replace("<table>", "<table class=goods>")
        total = table(
            [("价税合计（大写）", f"{RENT_WORDS}　　　　（小写）¥{money(RENT)}")], (22, 78)
        )
        note = table(
            [
                (
                    "备注",
                    f"不动产地址：{ADDRESS}<br>租赁期：{period}；面积3,200平方米；"
                    "单价5.2元/平方米·天<br>销方开户银行：样例银行样例支行；"
                    "账号：0000 0000 0000 0088 004",
                )
            ],
            (8, 92),
        )
        pages += f"""<div class=page><div class=void>样例</div><div class=code>二维码<br>样例</div>
<h1><span>电子发票（增值税专用发票）</span></h1>{oval}
<div class=no>发票号码：251100000000000088{number}<br>开票日期：{day}</div>
{people}{goods}{total}{note}<p class=plain style='margin-top:2mm'>开票人：样例开票员</p></div>"""
    return pdf(pages, INVOICE_CSS, title="电子发票（样例）")


def payment_slips() -> bytes:
    """Three bank slips, to be scanned in black and white."""
    pages = ""
    for number, quarter, _, day in QUARTERS:
        paid = day.replace("09日", "08日")
        rows = [
            ("付款人户名", APPLICANT, "收款人户名", LANDLORD),
            ("付款人账号", "0000000000000088001", "收款人账号", "0000000000000088004"),
            ("付款人开户行", BANK, "收款人开户行", "样例银行样例支行"),
            ("金额（大写）", f"人民币{RENT_WORDS}", "金额（小写）", f"¥{money(RENT)}"),
            ("交易日期", paid, "交易流水号", f"YL2025{number}0800000088"),
            (
                "用途",
                f"支付2025年{quarter}房屋租金（3,200平方米，5.2元/平方米·天）",
                "币种",
                "人民币",
            ),
            ("交易渠道", "企业网上银行", "交易状态", "交易成功"),
        ]
        pages += f"""<section><h1>样例银行　电子回单</h1>
<p class=right>回单编号：202500000088{number}　　第1次打印</p>{table(rows, (15, 36, 15, 34))}
<p class="plain small">重要提示：本回单为样例，仅供演示，不作为任何收付款项的依据。
回单真伪可凭编号向开户行查询。</p>
<div class=sign><p>打印柜员：样例0088</p><p>打印日
期：{day}</p>{seal(BANK, "业务专用章样例")}</div>
</section>"""
    css = """section { break-after: page; padding-top: 12mm }
section:last-child { break-after: auto }
td { padding: 2.6mm 1.4mm; font-size: 9.3pt; border-width: 1pt }
td:nth-child(odd) { font-family: Hei }
svg { opacity: 1 } .sign { margin-top: 18mm }"""
    return pdf(pages, css, title="租金支付凭证")


# ── 3 其他相关证明材料 ──────────────────────────────────────────────────────────────────────

RED_HEAD_CSS = """
.head { font: 700 27pt/1.3 Song; color: #d0202a; text-align: center; margin: 12mm 0 11mm;
 letter-spacing: 1mm; white-space: nowrap }
.ref { text-align: center; text-indent: 0; padding-bottom: 3mm; border-bottom: 1.6pt solid #d0202a;
 margin-bottom: 11mm }
h1 { font-size: 19pt; line-height: 1.5; margin: 0 0 8mm }
body { font-size: 15pt; line-height: 1.8 }
table { font-size: 12pt } td, th { text-align: center }
@page { @bottom-center { content: "— " counter(page) " —"; font: 11pt Song } }
"""


def red_head(
    issuer: str, reference: str, subject: str, text: str, date: str, annex: str = ""
) -> bytes:
    """An official document with a red head, a seal and perhaps an annex."""
    if annex:
        annex = f"<div style='break-before:page'>{annex}</div>"
    body = f"""{WATERMARK}<div class=head>{issuer}文件</div><p class=ref>{reference}</p>
<h1>{subject}</h1>{paragraphs(text)}
<div class=sign><p>{issuer}</p><p>{date}</p>{seal(issuer, size=42)}</div>{annex}"""
    return pdf(body, RED_HEAD_CSS, title=re.sub("<br>", "", subject))


def accreditation() -> bytes:
    """The notice that names the laboratory, with its list."""
    annex = (
        "<p class=plain>附件</p><h1>2024年度新认定北京市重点实验室名单<br>（样例节选）</h1>"
        + table(
            [
                ("序号", "实验室名称", "依托单位", "实验室主任"),
                ("1", LAB, f"{APPLICANT}、{INSTITUTE}、{RESEARCH}", HEAD),
                ("2", "样例材料智能计算北京市重点实验室（样例）", "样例材料研究院", "样例人员"),
                ("3", "样例机器人感知北京市重点实验室（样例）", "样例机器人研究院", "样例人员"),
            ],
            (10, 38, 36, 16),
            head=True,
        )
        + "<p class=small>注：本名单为演示用样例，所列单位和实验室均为虚构。</p>"
    )
    text = f"""
各有关单位：

根据重点实验室建设与运行管理有关规定，经单位申请、形式审查、专家评审、现场考察和公示，决定认
定“{LAB}”为北京市重点实验室，建设期三年，自2024年11月28日起计算。

请依托单位切实履行主体责任，落实建设经费、场地和人员，完善理事会和学术委员会工作机制，围绕大模型
评测与安全治理开展高水平研究，面向产业提供开放共享的公共服务，并于每年1月底前报送上一年度运行报
告。
"""
    return red_head(
        AUTHORITY,
        "京样科发〔2024〕88号",
        "关于认定2024年度北京市重点实验室的通知<br>（样例）",
        text,
        "2024年11月28日",
        annex,
    )


def pilot_notice() -> bytes:
    """The letter behind `other_qualification`."""
    text = f"""
{APPLICANT}：

你单位报送的《关于申请认定市级中试公共服务平台的请示》收悉。经组织专家评审和现场核查，认
定“{PILOT}”为市级中试公共服务平台，有效期三年。

请你单位按照建设方案完善中试条件，健全服务标准和收费公示制度，每半年报送一次服务企业、中试项目和
设备共享情况。
"""
    return red_head(
        INDUSTRY,
        "京样产字〔2025〕18号",
        "关于同意认定大模型应用中试<br>公共服务平台的复函（样例）",
        text,
        "2025年3月18日",
    )


AGREEMENT = f"""
甲方：{APPLICANT}

乙方：{INSTITUTE}

丙方：{RESEARCH}

为加快可信大模型评测与安全治理技术研究和成果转化，三方本着优势互补、共建共享、合作共赢的原则，经
友好协商，就联合建设“{LAB}”（以下简称“实验室”）订立本协议。

第一条 建设内容。三方共同建设大模型可信评测体系、安全治理工具链和应用中试环境，面向社会提供评
测、适配、培训等公共服务。

第二条 组织架构。实验室实行理事会领导下的主任负责制。理事会由七名理事组成，甲方推荐三名，乙
方、丙方各推荐两名；理事长由甲方推荐的理事担任。实验室主任由理事会聘任。

第三条 甲方职责。负责实验室日常运营和公共服务；提供不少于3,200平方米的场地及水电、网络等基础条
件；三年内投入研发和运营经费不低于6,000万元。

第四条 乙方职责。负责评测理论与安全治理基础研究；选派不少于二十名科研人员参与实验室工作；共享相
关实验数据和学术资源，联合培养研究生。

第五条 丙方职责。负责语料治理、行业评测数据集建设和数据合规管理；提供不少于1.5 TB的高质量中文语
料，并保证来源合法、授权清晰。

第六条 知识产权。合作前各方已有的知识产权归各方所有；合作期间共同完成的成果由三方共有，份额按照
实际贡献另行约定。对外许可收益在扣除成本后优先用于实验室持续建设。

第七条 政策申报。乙方、丙方同意由甲方作为申报单位，统一申报各级政府支持实验室建设的政策资金，并
按要求出具授权证明。所获资金按照批复用途专款专用，单独核算。

第八条 数据安全与保密。三方应当建立数据分类分级和访问审批制度，对合作中知悉的商业秘密、未公开数
据和技术资料承担保密义务，保密期限为协议终止后五年。

第九条 协议期限。本协议有效期自2024年4月1日起至2027年12月31日止。期满前三个月，三方可以协商续
签。

第十条 违约与争议。任何一方不履行义务给其他方造成损失的，应当承担赔偿责任。争议由三方协商解决；
协商不成的，提交实验室所在地人民法院处理。

第十一条 附则。本协议一式六份，三方各执两份，经各方代表签字并加盖公章后生效。附录《联络人名
册》仅供内部使用。
"""


def agreement() -> bytes:
    """Some pages of agreement and a last one for internal use, left out by `pages`."""
    parties = ((("甲方", APPLICANT, HEAD), ("乙方", INSTITUTE, "顾明夷")),)
    third = f"""<div class=pair><div><p>丙方（盖章）：</p><p>{RESEARCH}</p><p>代表（签字）：
<span class=hand>陆采薇</span></p><p>2024年3月28日</p>{seal(RESEARCH)}</div><div></div></div>"""
    directory = table(
        [
            ("单位", "联络人", "职责", "电话"),
            (APPLICANT, LIAISON, "日常联络、申报", "010-88880002"),
            (INSTITUTE, "方稚", "科研计划", "010-88880012"),
            (RESEARCH, "韩松月", "数据治理", "010-88880022"),
        ],
        (40, 15, 23, 22),
        head=True,
    )
    signatures = "".join(pair_of_signatures(a, b, "2024年3月28日") for a, b in parties)
    body = f"""{WATERMARK}<h1>联合建设合作协议</h1>
<p class=right>协议编号：YXYL-2024-0328</p><div class=tall>{paragraphs(AGREEMENT)}</div>
<div class=signing><p class="centre small">（以下无正文，为签章部
分）</p>{signatures}{third}</div>
<div style='break-before:page'><h1>附录　联络人名册（内部使用）</h1>{directory}</div>"""
    css = """@page { @bottom-center { content: counter(page); font: 9pt Song } }
.signing { break-inside: avoid; padding-top: 6mm }"""
    return pdf(body, css, title="联合建设合作协议（样例）")


def authorisation(name: str, code: str, head: str, contact: str) -> bytes:
    """One founder lets the applicant apply for all of them."""
    text = f"""
{name}（统一社会信用代码：{code}）系“{LAB}”的联合建设单位。

现授权联合建设单位{APPLICANT}（统一社会信用代码：{APPLICANT_CODE}）作为唯一申报单位，代表全体联
合建设单位申报石景山区2025年度建设产业服务平台项目，办理材料报送、信息确认、协议签订及资金拨付等
事宜。本单位不再以该实验室就同一项目另行申报。

本授权自签发之日起生效，至该项目验收完成之日止。
"""
    body = f"""{WATERMARK}<h1 style='margin-top:14mm;letter-spacing:3mm'>授权证明</h1>
<p class=plain>中关村科技园区石景山园管理委员会、北京市石景山区科学技术委员会：</p>
{paragraphs(text)}<p style='margin-top:6mm'>联系人：{contact}</p>
<div class=sign><p>授权单位（盖章）：{name}</p>
<p>负责人（签字）：<span class=hand>{head}</span></p><p>2025年9月22日</p>{seal(name)}</div>"""
    css = "body { font-size: 14pt; line-height: 2 } h1 { font-size: 24pt }"
    return pdf(body, css, title=f"授权证明（{name}）")


# ── 4 营业执照 ──────────────────────────────────────────────────────────────────────────────


def licence() -> bytes:
    """A business licence, landscape, with neither emblem nor a code that could be scanned."""
    rows = (
        ("名　　称", APPLICANT, "注册资本", "人民币叁仟万元整"),
        ("类　　型", "有限责任公司（样例）", "成立日期", "2021年06月18日"),
        ("法定代表人", HEAD, "营业期限", "2021年06月18日至长期"),
        (
            "经营范围",
            "人工智能基础软件开发；人工智能公共服务平台技术咨询服务；数据处理服务；"
            "技术开发、技术转让、技术推广。（样例内容，仅供演示）",
            "住　　所",
            ADDRESS,
        ),
    )
    body = f"""<div class=frame><div class=inner><div class=mark>样例</div>
<div class=code>统一社会信用代码<br><b>{APPLICANT_CODE}</b></div>
<h1>营业执照</h1><p class=copy>（副　本）　样例</p><div class=qr>二维码<br>样例</div>
{table(rows, (13, 45, 12, 30))}
<div class=sign><p>登记机关：样例市场监督管理机关</p><p>2024年12月16日</p>
{seal("样例市场监督管理机关", size=38)}</div>
<p class=foot>本件为演示用样例，所载单位及代码均为虚构，不具有任何法律效力。</p></div></div>"""
    css = """@page { size: A4 landscape; margin: 9mm }
.frame { border: 2.4mm solid #b89a5a; height: 187mm; box-sizing: border-box; padding: 2mm }
.inner { border: .6mm solid #b89a5a; height: 178mm; box-sizing: border-box; padding: 10mm 14mm 0;
 position: relative }
h1 { font-size: 38pt; letter-spacing: 10mm; margin: 8mm 0 0; padding-left: 10mm }
.copy { text-align: center; text-indent: 0; font-size: 15pt; margin-bottom: 7mm }
.code { position: absolute; left: 12mm; top: 10mm; font-size: 10pt; line-height: 1.5 }
.qr { position: absolute; right: 12mm; top: 9mm; width: 25mm; height: 18mm; padding-top: 7mm;
 border: 1pt dashed #777; text-align: center; font-size: 10pt; line-height: 1.3 }
table { font-size: 12.5pt; line-height: 1.6 } td { border: 0; vertical-align: top }
td:nth-child(odd) { font-family: Hei; color: #6a5423 }
.sign { margin-top: 4mm; padding-right: 22mm; min-height: 34mm }
.sign svg { right: 20mm; top: -9mm }
.foot { position: absolute; left: 14mm; bottom: 4mm; font-size: 9.5pt; text-indent: 0; color: #555 }
.mark { position: absolute; color: #f0ece0; top: 34% }"""
    return pdf(body, css, title="营业执照（样例）")


# ── 5 财务材料 ──────────────────────────────────────────────────────────────────────────────

CURRENT_ASSETS = (
    ("货币资金", "28460315.72", "21905448.10"),
    ("应收账款", "9372640.00", "6118200.00"),
    ("预付款项", "1018400.00", "0"),
    ("其他应收款", "912806.35", "388120.00"),
)
FIXED_ASSETS = (
    ("固定资产", "17845230.66", "9204511.38"),
    ("无形资产", "6230000.00", "4815000.00"),
    ("长期待摊费用", "2106480.00", "0"),
)
CURRENT_DEBTS = (
    ("应付账款", "4286915.20", "3017664.50"),
    ("合同负债", "3650000.00", "2140000.00"),
    ("应付职工薪酬", "2918407.33", "2206318.09"),
    ("应交税费", "864219.48", "512093.77"),
)
LONG_DEBTS = (("递延收益", "5000000.00", "3000000.00"),)
CAPITAL = (("实收资本", "30000000.00", "20000000.00"), ("资本公积", "8000000.00", "8000000.00"))
INCOME = (
    ("一、营业收入", "58264900.00", 1),
    ("减：营业成本", "27418365.20", -1),
    ("　　税金及附加", "214360.18", -1),
    ("　　销售费用", "3260418.55", -1),
    ("　　管理费用", "6905277.34", -1),
    ("　　研发费用", "15872640.91", -1),
    ("　　财务费用（收益以“－”号填列）", "-186240.75", -1),
    ("加：其他收益", "3120000.00", 1),
)
INCOME_TAX = Decimal("228950.97")
CASH = (
    ("销售商品、提供劳务收到的现金", "60985320.00", 1),
    ("收到其他与经营活动有关的现金", "5306240.75", 1),
    ("购买商品、接受劳务支付的现金", "24118460.35", -1),
    ("支付给职工以及为职工支付的现金", "21640855.30", -1),
    ("支付的各项税费", "3208916.42", -1),
    ("支付其他与经营活动有关的现金", "9114603.18", -1),
)
CASH_INVESTED = Decimal("-11653857.88")
CASH_RAISED = Decimal("10000000.00")

AUDIT_CSS = """
@page { @top-left { content: "样例审字〔2025〕第0088号"; font: 8.5pt Fang; color: #555 }
 @top-right { content: "北京砚溪样例智能科技有限公司　2024年度"; font: 8.5pt Fang; color: #555 }
 @bottom-center { content: "— " counter(page) " —"; font: 9pt Song } }
@page :first { @top-left { content: none } @top-right { content: none }
 @bottom-center { content: none } }
section { break-before: page }
section > h1 { bookmark-level: 1 } h2 { bookmark-level: 2 } h3 { bookmark-level: 3 }
.cover { break-before: auto; text-align: center } .cover p { text-align: center; text-indent: 0 }
.cover h1 { bookmark-label: "封面"; font-size: 34pt; letter-spacing: 5mm; margin: 62mm 0 8mm }
.toc p { text-indent: 0; font-size: 13pt; line-height: 2.3 } .toc p.sub { padding-left: 2em;
 font-size: 12pt; line-height: 2 }
.toc a { color: inherit; text-decoration: none }
.toc a::after { content: leader(dotted) target-counter(attr(href), page) }
td:nth-child(n+2) { text-align: right; font-family: Song; font-size: 9.5pt }
.sheet td { padding: 1.5mm 2mm } .sheet .plain { font-size: 10.5pt }
"""


def audit_report() -> bytes:
    """Some ten pages with their own contents, numbers, links and nested bookmarks."""

    def total(rows: Iterable[Row], column: int) -> Decimal:
        return sum((Decimal(row[column]) for row in rows), Decimal(0))

    def lines(rows: Iterable[Row]) -> list[Row]:
        return [(name, money(now), money(before)) for name, now, before in rows]

    def summed(name: str, values: Sequence[Decimal]) -> Row:
        return (f"<b>{name}</b>", *(money(value) for value in values))

    both = (1, 2)
    current = [total(CURRENT_ASSETS, c) for c in both]
    fixed = [total(FIXED_ASSETS, c) for c in both]
    assets = [a + b for a, b in zip(current, fixed, strict=True)]
    debts_now = [total(CURRENT_DEBTS, c) for c in both]
    debts = [a + total(LONG_DEBTS, c) for a, c in zip(debts_now, both, strict=True)]
    equity = [a - b for a, b in zip(assets, debts, strict=True)]
    earned = [a - total(CAPITAL, c) for a, c in zip(equity, both, strict=True)]
    reserve = [(a / 10).quantize(Decimal("0.01")) for a in earned]
    kept = [a - b for a, b in zip(earned, reserve, strict=True)]
    operating = sum((Decimal(v) * sign for _, v, sign in INCOME), Decimal(0))
    profit = operating - INCOME_TAX
    cash_operating = sum((Decimal(v) * sign for _, v, sign in CASH), Decimal(0))
    cash_change = cash_operating + CASH_INVESTED + CASH_RAISED
    opening, closing = Decimal(CURRENT_ASSETS[0][2]), Decimal(CURRENT_ASSETS[0][1])
    # The three statements agree with one another, as an auditor would expect.
    assert profit == earned[0] - earned[1]
    assert cash_change == closing - opening

    balance = table(
        [
            ("项　　目", "2024年12月31日", "2023年12月31日"),
            *lines(CURRENT_ASSETS),
            summed("流动资产合计", current),
            *lines(FIXED_ASSETS),
            summed("非流动资产合计", fixed),
            summed("资产总计", assets),
            *lines(CURRENT_DEBTS),
            summed("流动负债合计", debts_now),
            *lines(LONG_DEBTS),
            summed("负债合计", debts),
            *lines(CAPITAL),
            ("盈余公积", *map(money, reserve)),
            ("未分配利润", *map(money, kept)),
            summed("所有者权益合计", equity),
            summed("负债和所有者权益总计", [a + b for a, b in zip(debts, equity, strict=True)]),
        ],
        (44, 28, 28),
        head=True,
    )
    income = table(
        [
            ("项　　目", "2024年度"),
            *((name, money(value)) for name, value, _ in INCOME),
            summed("二、营业利润", [operating]),
            summed("三、利润总额", [operating]),
            ("减：所得税费用", money(INCOME_TAX)),
            summed("四、净利润", [profit]),
        ],
        (64, 36),
        head=True,
    )
    flows = table(
        [
            ("项　　目", "2024年度"),
            *((name, money(value)) for name, value, _ in CASH),
            summed("经营活动产生的现金流量净额", [cash_operating]),
            ("购建固定资产、无形资产支付的现金", money(-CASH_INVESTED)),
            summed("投资活动产生的现金流量净额", [CASH_INVESTED]),
            ("吸收投资收到的现金", money(CASH_RAISED)),
            summed("筹资活动产生的现金流量净额", [CASH_RAISED]),
            summed("现金及现金等价物净增加额", [cash_change]),
            ("加：期初现金及现金等价物余额", money(opening)),
            summed("期末现金及现金等价物余额", [closing]),
        ],
        (64, 36),
        head=True,
    )
    opinion = f"""
我们审计了{APPLICANT}（以下简称“贵公司”）财务报表，包括2024年12月31日的资产负债表，2024年度的
利润表、现金流量表以及相关财务报表附注。

我们认为，后附的财务报表在所有重大方面按照企业会计准则的规定编制，公允反映了贵公司2024年12月31日
的财务状况以及2024年度的经营成果和现金流量。
"""
    basis = """
我们按照中国注册会计师审计准则的规定执行了审计工作。审计报告的“注册会计师对财务报表审计的责
任”部分进一步阐述了我们在这些准则下的责任。按照中国注册会计师职业道德守则，我们独立于贵公司，并
履行了职业道德方面的其他责任。我们相信，我们获取的审计证据是充分、适当的，为发表审计意见提供了基
础。
"""
    managers = """
贵公司管理层负责按照企业会计准则的规定编制财务报表，使其实现公允反映，并设计、执行和维护必要的内
部控制，以使财务报表不存在由于舞弊或错误导致的重大错报。在编制财务报表时，管理层负责评估贵公司的
持续经营能力，披露与持续经营相关的事项，并运用持续经营假设。治理层负责监督贵公司的财务报告过程。
"""
    auditors = """
我们的目标是对财务报表整体是否不存在由于舞弊或错误导致的重大错报获取合理保证，并出具包含审计意见
的审计报告。合理保证是高水平的保证，但并不能保证按照审计准则执行的审计在某一重大错报存在时总能发
现。

在按照审计准则执行审计工作的过程中，我们运用职业判断，并保持职业怀疑。我们识别和评估重大错报风
险，设计和实施审计程序以应对这些风险；了解与审计相关的内部控制；评价管理层选用会计政策的恰当性和
作出会计估计的合理性；评价财务报表的总体列报、结构和内容，并评价财务报表是否公允反映相关交易和事
项。

我们与治理层就计划的审计范围、时间安排和重大审计发现等事项进行沟通，包括沟通我们在审计中识别出的
值得关注的内部控制缺陷。
"""
    company = f"""
{APPLICANT}成立于2021年6月18日，统一社会信用代码{APPLICANT_CODE}，注册资本人民币3,000万元，法定
代表人{HEAD}，注册地址为{ADDRESS}。

本公司主要从事大模型可信评测、安全治理工具研发及公共技术服务，是{LAB}的依托单位之一。
"""
    basis_of_accounts = """
本财务报表以持续经营为基础，根据实际发生的交易和事项，按照财政部颁布的企业会计准则及其应用指
南、解释和其他有关规定编制。
"""
    policies = """
（一）会计期间与记账本位币。会计年度为公历1月1日至12月31日，以人民币为记账本位币。

（二）收入确认。评测与适配服务在报告或者成果交付客户并经验收时确认收入；按期提供的平台订阅服务在
服务期内按直线法分期确认收入。

（三）研究开发支出。研究阶段的支出于发生时计入当期损益；开发阶段的支出同时满足资本化条件的确认为
无形资产，不满足条件的计入当期损益。

（四）固定资产。固定资产按照成本进行初始计量，采用年限平均法计提折旧：电子设备五年，办公家具五
年，净残值率百分之五。

（五）政府补助。与资产相关的政府补助确认为递延收益，在相关资产使用寿命内分期计入损益；与收益相关
的政府补助用于补偿以后期间费用的，在确认费用的期间计入损益。

（六）租赁。对租赁期不超过十二个月的短期租赁和低价值资产租赁，按直线法计入当期损益。
"""
    taxes = table(
        [
            ("税种", "计税依据", "税率"),
            ("增值税", "应税服务收入", "6%"),
            ("城市维护建设税", "应缴流转税额", "7%"),
            ("企业所得税", "应纳税所得额", "15%"),
        ],
        (40, 36, 24),
        head=True,
    )
    cash_note = table(
        [
            ("项目", "期末余额", "期初余额"),
            ("库存现金", "12,460.00", "9,815.00"),
            ("银行存款", money(closing - 12460), money(opening - 9815)),
            ("合计", money(closing), money(opening)),
        ],
        (40, 30, 30),
        head=True,
    )
    owed = Decimal(CURRENT_ASSETS[1][1])
    debtors = table(
        [
            ("账龄", "期末余额", "比例"),
            ("一年以内", money(owed - 842600), "91.01%"),
            ("一至二年", "842,600.00", "8.99%"),
            ("合计", money(owed), "100.00%"),
        ],
        (40, 36, 24),
        head=True,
    )
    equipment = table(
        [
            ("类别", "原值", "累计折旧", "账面价值"),
            ("计算与存储设备", "21,384,600.00", "5,219,308.14", "16,165,291.86"),
            ("网络与安全设备", "1,620,400.00", "498,216.20", "1,122,183.80"),
            ("办公设备及家具", "903,150.00", "345,395.00", "557,755.00"),
            ("合计", "23,908,150.00", "6,062,919.34", "17,845,230.66"),
        ],
        (31, 23, 23, 23),
        head=True,
    )
    research = table(
        [
            ("项目", "2024年度"),
            ("人员人工费用", "9,408,215.60"),
            ("直接投入费用", "3,117,460.25"),
            ("折旧与摊销", "2,206,845.06"),
            ("委托外部研究费用", "820,000.00"),
            ("其他费用", "320,120.00"),
            ("合计", "15,872,640.91"),
        ],
        (60, 40),
        head=True,
    )
    later = """
2025年1月，本公司迁入位于石景山区样例大街88号创新中心A座5—7层的新场所办公，租赁面积3,200平方
米。除上述事项外，截至本财务报表批准报出日，本公司无其他需要披露的重大资产负债表日后事项。
"""
    rows = (
        ("report", "审计报告", ""),
        ("r1", "一、审计意见", "sub"),
        ("r4", "四、审计责任", "sub"),
        ("balance", "资产负债表", ""),
        ("income", "利润表", ""),
        ("flows", "现金流量表", ""),
        ("notes", "财务报表附注", ""),
        ("n1", "一、公司基本情况", "sub"),
        ("n3", "三、主要会计政策", "sub"),
        ("n5", "五、财务报表项目注释", "sub"),
        ("n6", "六、资产负债表日后事项", "sub"),
    )
    toc = "".join(f"<p class='{kind}'><a href='#{key}'>{name}</a></p>" for key, name, kind in rows)
    unit = f"<p class=plain>编制单位：{APPLICANT}　　　　　　　　单位：人民币元</p>"
    officers = (
        f"<p class=plain>法定代表人：{HEAD}　　主管会计工作负责人：许临溪　　"
        "会计机构负责人：白苏</p>"
    )
    body = f"""{WATERMARK}<section class=cover><h1>审计报告</h1>
<p style='font-size:15pt'>样例审字〔2025〕第0088号</p>
<p style='font:18pt Hei;margin-top:26mm'>{APPLICANT}</p><p style='font-size:16pt'>2024年度财务报
表</p>
<p style='margin-top:58mm;font-size:15pt'>{AUDITOR}</p><p>二〇二五年三月二十八日</p></section>
<section class=toc><h1>目　录</h1>{toc}</section>
<section id=report><h1>审计报告</h1><p class=right>样例审字〔2025〕第0088号</p>
<p class=plain>{APPLICANT}全体股东：</p>
<h2 id=r1>一、审计意见</h2>{paragraphs(opinion)}
<h2 id=r2>二、形成审计意见的基础</h2>{paragraphs(basis)}
<h2 id=r3>三、管理层和治理层对财务报表的责任</h2>{paragraphs(managers)}
<h2 id=r4>四、注册会计师对财务报表审计的责任</h2>{paragraphs(auditors)}
<div class=sign><p>{AUDITOR}</p><p>中国注册会计师：<span class=hand>程砚北</span></p>
<p>中国注册会计师：<span class=hand>苏见山</span></p><p>2025年3月28日</p>
{seal("北京样例会计师事务所")}</div></section>
<section id=balance class=sheet><h1>资产负债表</h1>{unit}{balance}{officers}</section>
<section id=income class=sheet><h1>利润表</h1>{unit}{income}{officers}</section>
<section id=flows class=sheet><h1>现金流量表</h1>{unit}{flows}{officers}</section>
<section id=notes><h1>财务报表附注</h1>
<h2 id=n1>一、公司基本情况</h2>{paragraphs(company)}
<h2 id=n2>二、财务报表的编制基础</h2>{paragraphs(basis_of_accounts)}
<h2 id=n3>三、主要会计政策</h2>{paragraphs(policies)}<h2 id=n4>四、税项</h2>{taxes}
<h2 id=n5>五、财务报表项目注释</h2><p>以下金额单位为人民币元，报表见<a href='#balance'>资产负债
表</a>
、<a href='#income'>利润表</a>和<a href='#flows'>现金流量表</a>。</p>
<h3>（一）货币资金</h3>{cash_note}<h3>（二）应收账款</h3>{debtors}
<h3>（三）固定资产</h3>{equipment}<h3>（四）研发费用</h3>{research}
<h2 id=n6>六、资产负债表日后事项</h2>{paragraphs(later)}</section>"""
    return pdf(body, AUDIT_CSS, title="2024年度审计报告（样例）")


def statements_2025() -> bytes:
    """Management accounts for 2025, one page."""
    rows = [
        ("项　　目", "2025年1—9月", "2024年1—9月"),
        ("营业收入", "52,806,340.00", "41,917,220.00"),
        ("营业成本", "24,360,218.40", "19,804,516.80"),
        ("研发费用", "14,205,660.35", "11,308,412.77"),
        ("场地租金（研发及办公部分）", "3,502,521.75", "—"),
        ("净利润", "6,418,077.20", "5,206,931.14"),
        ("期末货币资金", "30,115,862.09", "26,804,377.51"),
        ("期末资产总额", "71,820,446.38", "60,118,204.92"),
        ("期末负债总额", "16,176,038.46", "15,404,118.60"),
    ]
    body = f"""{WATERMARK}<h1>2025年1—9月主要财务数据表</h1>
<p class=plain>编制单位：{APPLICANT}　　　　　　　　单位：人民币元</p>
{table(rows, (44, 28, 28), head=True)}
<p class=small>说明：本表数据未经审计，取自公司账簿。场地租金按研发及办公面积2,460.5平方米、
单价5.2元/平方米·天，自2025年1月起按季平均计列。</p>
<div class=sign><p>{APPLICANT}（财务专用章）</p><p>2025年10月10日</p>
{seal(APPLICANT, "财务专用章样例")}</div>"""
    css = "td { padding: 2.4mm } td:nth-child(n+2) { text-align: right; font-family: Song }"
    return pdf(body, css, title="2025年1—9月主要财务数据表（样例）")


def tax_return() -> bytes:
    """An electronic tax return; the tax office's system locks such files with a password."""
    rows = [
        ("项　　目", "栏次", "金额（元）"),
        ("（一）按适用税率计税销售额", "1", "17,602,113.33"),
        ("其中：应税劳务销售额", "2", "17,602,113.33"),
        ("销项税额", "3", "1,056,126.80"),
        ("进项税额", "4", "742,518.36"),
        ("应抵扣税额合计", "5", "742,518.36"),
        ("应纳税额", "6", "313,608.44"),
        ("本期已缴税额", "7", "313,608.44"),
        ("本期应补（退）税额", "8", "0.00"),
    ]
    body = f"""{WATERMARK}<h1>增值税及附加税费申报表<br>（一般纳税人适用　样例）</h1>
<p class=plain>税款所属期：2025年7月1日至2025年9月30日　　填表日期：2025年10月13日</p>
<p class=plain>纳税人名称：{APPLICANT}</p><p class=plain>纳税人识别号：{APPLICANT_CODE}</p>
{table(rows, (52, 14, 34), head=True)}
<p>声明：此表根据国家税收法律法规及相关规定填写，本单位对填报内容的真实性、可靠性、完整性负
责。</p>
<p class=plain style='margin-top:8mm'>经办人：{LIAISON}　　　受理税务机关：样例税务机关</p>"""
    css = "td:nth-child(n+2) { text-align: right; font-family: Song }"
    title = "增值税纳税申报表（样例）"
    return tidy(pdf(body, css, title=title), title, TAX_PASSWORD)


TAX_PASSWORD = "sample2025"


def tax_registration() -> bytes:
    """One page, to be scanned upside down."""
    rows = [
        ("纳税人名称", APPLICANT),
        ("纳税人识别号", APPLICANT_CODE),
        ("登记注册类型", "有限责任公司"),
        ("法定代表人", HEAD),
        ("注册地址", ADDRESS),
        ("生产经营地址", ADDRESS),
        ("登记日期", "2021年06月25日"),
        ("主管税务机关", "样例税务机关第一税务所"),
        ("增值税纳税人类型", "一般纳税人"),
        ("纳税人状态", "正常"),
        ("行业", "人工智能公共服务平台"),
        ("税（费）种认定", "增值税、企业所得税、城市维护建设税、教育费附加"),
    ]
    body = f"""{WATERMARK}<h1>税务登记信息证明</h1><p class=right>编号：样税登〔2025〕000088号</p>
{table(rows, (30, 70))}<p>以上信息取自税务登记系统，截至打印之日有效。本页为演示用样例。</p>
<div class=sign><p>样例税务机关第一税务所</p><p>2025年9月26日</p>
{seal("样例税务机关第一税务所", "业务专用样例")}</div>"""
    return pdf(
        body,
        "td { padding: 2.2mm 3mm } td:first-child { font-family: Hei }",
        title="税务登记信息证明",
    )


# ── 6 开户信息 ──────────────────────────────────────────────────────────────────────────────


def bank_account() -> bytes:
    """One page with two seals, to be scanned askew."""
    rows = [
        ("账户名称", APPLICANT),
        ("账户号码", "0000 0000 0000 0088 001"),
        ("开户银行", BANK),
        ("法定代表人", HEAD),
        ("基本存款账户编号", "J0000000008800"),
        ("开户日期", "2021年07月02日"),
        ("账户状态", "正常"),
    ]
    body = f"""{WATERMARK}<h1 style='margin-top:10mm'>基本存款账户信息</h1>
{table(rows, (36, 64))}
<p style='margin-top:6mm'>兹证明上述账户系该单位在我行开立的基本存款账户，账户信息与我行系统记录
一致。</p>
<div class=pair style='margin-top:16mm'><div><p>开户银行（盖章）：</p><p>{BANK}</p>
<p>2025年9月18日</p>{seal(BANK, "业务专用章样例")}</div><div><p>存款人（盖章）：</p>
<p>{APPLICANT}</p><p>2025年9月18日</p>{seal(APPLICANT)}</div></div>
<p class="small plain">本页为演示用样例，银行、账户及单位均为虚构。</p>"""
    css = "body { font-size: 13pt } table { font-size: 13pt } td { padding: 3mm }"
    return pdf(body, css, title="基本存款账户信息")


# ── The three folders ───────────────────────────────────────────────────────────────────────


def write(path: Path, data: bytes) -> None:
    """Write a file and the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def write_json(path: Path, value: Json) -> None:
    """Write JSON as a person would like to read it."""
    write(path, (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode())


FOLDERS = {
    "lease": "2-场地租赁合同",
    "evidence": "3-证明材料",
    "licence": "4-营业执照",
    "financials": "5-财务材料",
    "bank-account": "6-开户信息",
}


def located(material: str, file: str) -> str:
    """Where a file of a material stands, relative to application.json."""
    return f"attachments/{FOLDERS[material]}/{file}"


def sample_files() -> list[tuple[Json, bytes]]:
    """The attachments of the sample in their order: what the application says, and the bytes."""

    def item(
        material: str, file: str, data: bytes, title: str = "", **more: Any
    ) -> tuple[Json, bytes]:
        entry: Json = {"material": material, "file": located(material, file)}
        if title:
            entry["title"] = title
        return entry | more, data

    by_institute = authorisation(INSTITUTE, INSTITUTE_CODE, "顾明夷", "方稚　010-88880012")
    by_research = authorisation(RESEARCH, RESEARCH_CODE, "陆采薇", "韩松月　010-88880022")
    contract = agreement()
    kept = len(raster(contract, 20)) - 1
    return [
        item("lease", "房屋租赁合同.pdf", lease_contract(), "房屋租赁合同（2025—2027年）"),
        item("lease", "场地平面图.pdf", floor_plan(), "场地平面图及分层面积表"),
        item(
            "lease",
            "租金发票-2025年第1季度.pdf",
            invoices(QUARTERS[:1]),
            "租金发票（2025年第一季度）",
        ),
        item(
            "lease",
            "租金发票-2025年第2、3季度.pdf",
            invoices(QUARTERS[1:]),
            "租金发票（2025年第二、三季度）",
        ),
        item(
            "lease",
            "租金支付凭证.tif",
            fax_tiff(payment_slips(), 150, (0.4, -0.3, 0.2), 7),
            "租金支付凭证（2025年第一至三季度）",
        ),
        item("evidence", "重点实验室认定文件.pdf", accreditation(), "北京市重点实验室认定文件"),
        item("evidence", "中试平台认定复函.pdf", pilot_notice(), "市级中试公共服务平台认定复函"),
        item("evidence", "联合建设合作协议.pdf", contract, "联合建设合作协议", pages=f"1-{kept}"),
        item(
            "evidence",
            "授权证明-样例大学人工智能研究院.png",
            png(by_institute, 150, -0.5),
            f"授权证明（{INSTITUTE}）",
        ),
        item(
            "evidence",
            "授权证明-北京石榴样例数据研究有限公司.pdf",
            by_research,
            f"授权证明（{RESEARCH}）",
        ),
        item("licence", "营业执照副本.jpg", jpeg(licence(), 150, 0.7, 23)),
        item("financials", "2024年度审计报告.pdf", audit_report(), "2024年度审计报告"),
        item("financials", "2025年1—9月主要财务数据表.pdf", statements_2025()),
        item(
            "financials",
            "增值税纳税申报表-2025年第3季度.pdf",
            tax_return(),
            "增值税纳税申报表（2025年第三季度）",
            password=TAX_PASSWORD,
        ),
        item(
            "financials",
            "税务登记信息证明.png",
            png(tax_registration(), 150, 0.4, turn=180),
            "税务登记信息证明",
            rotate=180,
        ),
        item(
            "bank-account",
            "基本存款账户信息.jpg",
            jpeg(bank_account(), 150, -0.9, 31),
            "基本存款账户信息",
        ),
    ]


def sample_application() -> Json:
    """Every key of the contract, answered; the attachments are added by `make_sample`."""
    return {
        "programme": "sjs-platform-2025",
        "applicant": {"name": APPLICANT, "uscc": APPLICANT_CODE},
        "term": {"start": "2025-01-01", "end": "2027-12-31"},
        "contact": {"name": LIAISON, "phone": "010-88880000", "email": "zhouhe@example.com"},
        "platform": {
            "name": LAB,
            "address": ADDRESS,
            "accredited_on": "2024-11-28",
            "accredited_by": AUTHORITY,
            "construction": prose(CONSTRUCTION),
            "category": {"kind": "newly_accredited", "date": "2024-11-28"},
            "total_area_sqm": 3200,
            "rd_office_area_sqm": 2460.5,
            "qualifications": ["beijing_key_laboratory"],
            "other_qualification": {"name": PILOT, "level": "municipal", "authority": INDUSTRY},
        },
        "founders": [
            {"name": APPLICANT, "uscc": APPLICANT_CODE, "address": ADDRESS},
            {"name": INSTITUTE, "uscc": INSTITUTE_CODE, "address": "北京市样例区学府样例路1号"},
            {
                "name": RESEARCH,
                "uscc": RESEARCH_CODE,
                "address": "北京市石景山区样例北路6号院2号楼301室",
            },
        ],
        "legal_representative": {
            "name": HEAD,
            "mobile": "13800000001",
            "landline": "010-88880001",
        },
        "liaison": {"name": LIAISON, "mobile": "13800000002", "landline": "010-88880002"},
        "remarks": prose(REMARKS),
        "opinion": prose(OPINION),
        "signed_on": None,
    }


def make_sample(folder: Path) -> None:
    """fixtures/sample: complete and convincing, all in one."""
    application = sample_application()
    application["attachments"] = []
    for entry, data in sample_files():
        application["attachments"].append(entry)
        write(folder / entry["file"], data)
    write_json(folder / "application.json", application)


MINIMAL_NAME = "北京小满样例研究院有限公司"
MINIMAL_PLACE = "北京市石景山区样例南路3号"


def slip(title: str, text: str) -> bytes:
    """A small page of one font: heading, text, name. Tiny because it uses few characters."""
    body = f"<h1>{title}</h1><p>{text}</p><p class=right>{MINIMAL_NAME}</p>"
    return pdf(body, "h1, body { font-family: Hei; font-weight: 400 }", title=title)


def minimal_application() -> Json:
    """The required keys only."""
    return {
        "applicant": {"name": MINIMAL_NAME, "uscc": MINIMAL_CODE},
        "contact": {"name": "许小满", "phone": "010-88880088", "email": "xiaoman@example.com"},
        "platform": {
            "name": "小满大模型研究院（样例）",
            "address": MINIMAL_PLACE,
            "category": {"kind": "newly_relocated", "date": "2025-05-21"},
            "qualifications": ["beijing_engineering_research_center"],
        },
        "founders": [{"name": MINIMAL_NAME, "uscc": MINIMAL_CODE, "address": MINIMAL_PLACE}],
    }


def minimal_files() -> dict[str, bytes]:
    """One page each for the materials 2 to 6, and two invoices whose order shows the sorting."""
    rent = "每月租金26,000元"
    return {
        located("lease", "租赁合同.pdf"): slip(
            "房屋租赁合同",
            f"甲方将{MINIMAL_PLACE}房屋出租给乙方用于研发办公，面积200平方米，单价130元/平方米·月，"
            f"{rent}，期限自2025年5月1日至2026年4月30日。本件为样例。",
        ),
        located("lease", "发票2.pdf"): slip("租金发票（2025年6月）", f"{rent}，样例发票。"),
        located("lease", "发票10.pdf"): slip("租金发票（2025年7月）", f"{rent}，样例发票。"),
        **base_files(with_lease=False),
    }


def base_files(*, with_lease: bool = True) -> dict[str, bytes]:
    """The smallest set that leaves no material out."""
    files = {
        located("evidence", "认定文件.pdf"): slip("认定文件", "认定为北京市工程研究中心。样例。"),
        located("licence", "营业执照.pdf"): slip("营业执照", f"代码{MINIMAL_CODE}，样例。"),
        located("financials", "2024年度审计报告.pdf"): slip(
            "2024年度审计报告", "无保留意见。样例。"
        ),
        located("bank-account", "基本存款账户信息.pdf"): slip(
            "基本存款账户信息", "状态正常，样例。"
        ),
    }
    if with_lease:
        lease = slip("房屋租赁合同", "面积200平方米，期限一年，样例。")
        files = {located("lease", "租赁合同.pdf"): lease} | files
    return files


def make_minimal(folder: Path) -> None:
    """fixtures/minimal: no `attachments` key, the files are found by their folders."""
    write_json(folder / "application.json", minimal_application())
    for name, data in minimal_files().items():
        write(folder / name, data)


def make_computing_power(folder: Path) -> None:
    """fixtures/computing-power: an application to the invented notice of fixtures/notices."""
    for name, title, text in (
        (
            "2-合同发票/设备采购发票.pdf",
            "设备采购发票",
            "训练服务器等四项，合计868.5万元，样例发票。",
        ),
        ("3-使用证明/集群验收单.pdf", "集群验收单", "四项设备均已到货，验收合格。样例。"),
        ("4-营业执照/营业执照.pdf", "营业执照", "云溪样例智算科技有限公司，样例。"),
    ):
        write(folder / "attachments" / name, slip(title, text))


# ── Refusals ────────────────────────────────────────────────────────────────────────────────

Change = Callable[[Json], None]


def put(path: str, value: Any) -> Change:
    """A change that sets one key; `path` is like platform.category."""

    def change(application: Json) -> None:
        *parents, last = path.split(".")
        for key in parents:
            application = application[key]
        application[last] = value

    return change


def drop(path: str) -> Change:
    """A change that takes one key away."""

    def change(application: Json) -> None:
        *parents, last = path.split(".")
        for key in parents:
            application = application[key]
        del application[last]

    return change


def misspell(application: Json) -> None:
    """applicant stays, as else it would be missing too; its mistyped twin stands beside it."""
    application["aplicant"] = dict(application["applicant"])


def wrong_code(application: Json) -> None:
    """A check character that is off by one, in the applicant's code alone."""
    code = application["applicant"]["uscc"]
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    wrong = alphabet[(alphabet.index(code[-1]) + 1) % len(alphabet)]
    application["applicant"]["uscc"] = code[:-1] + wrong


def second_founder(application: Json) -> None:
    """Another founder, who authorises nobody."""
    application["founders"].append(
        {"name": RESEARCH, "uscc": RESEARCH_CODE, "address": "北京市石景山区样例北路6号院"}
    )


# case, code, exit, change of the application
DATA_FAULTS: tuple[tuple[str, str, Change], ...] = (
    ("unknown-key", "unknown-key", misspell),
    ("wrong-type", "wrong-type", put("remarks", {"text": "应为文字，不是对象"})),
    ("missing-required", "required-missing", drop("contact.phone")),
    ("bad-uscc", "uscc-invalid", wrong_code),
    ("bad-phone", "phone-invalid", put("contact.phone", "010-1234")),
    ("bad-email", "email-invalid", put("contact.email", "xiaoman.example.com")),
    ("dates-reversed", "date-order", put("term", {"start": "2026-12-31", "end": "2025-01-01"})),
    (
        "area-reversed",
        "area-order",
        lambda a: a["platform"].update(total_area_sqm=150, rd_office_area_sqm=200),
    ),
    ("term-too-long", "term-too-long", put("term", {"start": "2025-01-01", "end": "2028-06-30"})),
    ("no-qualification", "qualification-missing", put("platform.qualifications", [])),
    (
        "half-other-qualification",
        "other-qualification-incomplete",
        put("platform.other_qualification", {"name": "大模型中试平台（样例）"}),
    ),
    ("category-without-date", "category-date-missing", drop("platform.category.date")),
    ("no-authorisation", "authorisation-missing", second_founder),
    ("no-founder", "required-missing", put("founders", [])),
    ("emoji", "text-no-glyph", put("remarks", "本平台运行良好😀，请予支持。")),
    (
        "control-character",
        "text-control-character",
        put("remarks", "本平台运行良好\u0007，请予支持。"),
    ),
    (
        "legal-rep-without-number",
        "contact-number-missing",
        put("legal_representative", {"name": "许大寒"}),
    ),
)


def listed(files: Iterable[str]) -> list[Json]:
    """The `attachments` key for these files, the material told by the folder."""
    kinds = {folder: material for material, folder in FOLDERS.items()}
    return [{"material": kinds[file.split("/")[1]], "file": file} for file in files]


def attachment_faults() -> Iterable[tuple[str, str, int, Json, dict[str, bytes]]]:
    """Case, code, exit, application, files: faults in what is attached."""
    lease = located("lease", "租赁合同.pdf")

    def fresh() -> tuple[Json, dict[str, bytes]]:
        files = base_files()
        return minimal_application() | {"attachments": listed(files)}, files

    application, files = fresh()
    del application["attachments"], files[lease]
    yield "material-missing", "material-missing", 3, application, files

    application, files = fresh()
    application["attachments"].insert(1, {"material": "lease", "file": lease})
    yield "duplicate-attachment", "duplicate-attachment", 3, application, files

    application, files = fresh()
    absent = located("lease", "补充协议.pdf")
    application["attachments"].insert(1, {"material": "lease", "file": absent})
    yield "missing-file", "attachment-missing", 4, application, files

    application, files = fresh()
    application["attachments"].insert(1, {"material": "lease", "file": "../x.pdf"})
    yield "outside-folder", "attachment-outside", 4, application, files

    application, files = fresh()
    note = located("evidence", "说明.txt")
    files[note] = "这是文本文件，不能装订。样例。\n".encode()
    application["attachments"] = listed(sorted(files))
    yield "text-file", "attachment-type", 4, application, files

    application, files = fresh()
    application["attachments"][0]["pages"] = "9-12"
    yield "bad-pages", "attachment-pages", 4, application, files

    application, files = fresh()
    files[lease] = tidy(files[lease], "房屋租赁合同", "sample2025")
    yield "encrypted", "attachment-encrypted", 4, application, files


def make_refused(folder: Path) -> None:
    """fixtures/refused: a folder for every fault, with the code and exit it must give."""

    def case(name: str, code: str, status: int, text: bytes, files: dict[str, bytes]) -> None:
        write(folder / name / "application.json", text)
        expected = json.dumps({"codes": [code], "exit": status})
        write(folder / name / "expected.json", (expected + "\n").encode())
        for file, data in files.items():
            write(folder / name / file, data)

    def as_text(application: Json) -> str:
        return json.dumps(application, ensure_ascii=False, indent=2) + "\n"

    files = base_files()
    sound = as_text(minimal_application())
    case("broken-json", "json-syntax", 3, sound.replace('",\n', '"\n', 1).encode(), files)
    case("not-utf8", "json-encoding", 3, sound.encode("gb18030"), files)
    for name, code, change in DATA_FAULTS:
        application = copy.deepcopy(minimal_application())
        change(application)
        case(name, code, 3, as_text(application).encode(), files)
    for name, code, status, application, own in attachment_faults():
        case(name, code, status, as_text(application).encode(), own)


README = """# 样例与测试数据

本文件夹由 `scripts/make_fixtures.py` 全部生成，同样的程序写出同样的字节；要改内容，请改程序后重新运行：

    python scripts/make_fixtures.py

其中的单位、人员、代码、账号、电话、印章和文件**全部为虚构**，图文均由本项目自制，带有“样例”字样，不得作他用。
统一社会信用代码能通过校验，但不属于任何单位；邮箱用保留域名 example.com。

| 文件夹 | 内容 |
|---|---|
| `sample/` | 一份完整的申报：`application.json` 填满每一个键，三家设立主体，第2—6类材料齐全。也是 `sjs-forms new --sample` 给用户的范例。盖章的申报书和承诺书（第1、7类）尚待签章，由程序生成的表格代替。 |
| `minimal/` | 只填必填项，没有 `attachments` 键：附件按 `attachments/<编号>-…/` 文件夹取用，`发票2.pdf` 排在 `发票10.pdf` 之前。 |
| `refused/` | 每个文件夹一处错误，其余与 `minimal/` 相同；`expected.json` 写明应报的 `codes` 和退出码 `exit`。 |
| `notices/` | 另一个虚构的申报通知，不由程序生成（其 Word 表格由 `scripts/make_second_notice.py` 写出）：换一个通知不需要改一行程序。 |
| `computing-power/` | 对这个虚构通知的一份申报，设备清单有四行；附件由程序生成。 |

`sample/` 的附件里有意放进了实际工作中会遇到的情形：

| 情形 | 文件 |
|---|---|
| 横向 A4 | 场地平面图.pdf、营业执照副本.jpg |
| 241×140 毫米电子发票，一页和多页 | 租金发票-….pdf |
| 多页黑白 TIFF（CCITT G4） | 租金支付凭证.tif |
| 略有倾斜、带红章的扫描件 | 营业执照副本.jpg、基本存款账户信息.jpg、授权证明-….png |
| 自带书签、目录链接和页码的 PDF | 2024年度审计报告.pdf |
| 只取部分页（`pages`） | 联合建设合作协议.pdf，末页内部名册不装订 |
| 扫反了，要转180度（`rotate`） | 税务登记信息证明.png |
| 有打开密码（`password`） | 增值税纳税申报表-….pdf，密码 sample2025 |
| 没有写 `title`，用文件名作标题 | 营业执照副本.jpg、2025年1—9月主要财务数据表.pdf |
"""  # noqa: E501


class Refuse(logging.Handler):
    """WeasyPrint only logs when a font or style fails it; here that is an error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Stop."""
        raise RuntimeError(record.getMessage())


def main(target: Path) -> None:
    """Write the folder anew."""
    log = logging.getLogger("weasyprint")
    log.setLevel(logging.WARNING)
    log.handlers = [Refuse()]
    for name, make in (
        ("sample", make_sample),
        ("minimal", make_minimal),
        ("refused", make_refused),
        ("computing-power/attachments", lambda folder: make_computing_power(folder.parent)),
    ):
        shutil.rmtree(target / name, ignore_errors=True)
        make(target / name)
    write(target / "README.md", README.encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "fixtures")
