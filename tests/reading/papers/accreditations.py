"""Papers by which an authority recognises a platform: notice, certificate, reply, list."""

from tests.reading.papers.cases import Case, chinese_day
from tests.reading.papers.parts import Seal, Sheet


def _head(case: Case, kind: str) -> str:
    return f"""<div class=mid style='color: #d7000f; font: 30pt 宋; font-weight: bold; letter-spacing: 1mm;
    margin-top: 8mm'>{case.authority}{kind}</div><div class=mid style='margin: 8mm 0 2mm; font: 14pt 仿宋'>
    京样发〔{case.accredited_on.year}〕{10 + case.number}号</div>
    <div style='border-top: .9mm solid #d7000f; margin-bottom: 10mm'></div>"""


_STYLE = "font: 14pt 仿宋, 余; line-height: 1.9"


def notice(case: Case) -> list[Sheet]:
    """A notice under a red head that recognises a batch."""
    body = f"""{_head(case, "文件")}<h1 style='font-size: 18pt'>关于认定{case.accredited_on.year}年度北京市重点实验室的通知</h1>
    <p>各有关单位：</p><div class=in><p>按照市级重点实验室认定与管理的有关规定，经单位申报、专家评审、实地考察和公示等程序，
    现认定依托{case.name}建设的“{case.platform}”为北京市重点实验室，有效期三年。</p>
    <p>请依托单位落实主体责任，保障建设条件，按期报送年度报告。特此通知。</p></div>
    <div class=at style='right: 30mm; top: 214mm; text-align: right'>{case.authority}<br>{chinese_day(case.accredited_on)}</div>"""
    return [Sheet(body, _STYLE, seals=(Seal(150, 222, 45, 45),))]


def certificate(case: Case) -> list[Sheet]:
    """A certificate, landscape, in a red frame."""
    body = f"""<div style='position: absolute; inset: 10mm; border: 2.4mm double #c8102e'></div>
    <h1 style='font-size: 34pt; color: #c8102e; letter-spacing: 4mm; margin-top: 12mm'>认定证书</h1>
    <div class=mid style='font: 22pt 黑; margin: 8mm 0'>{case.platform}</div>
    <table style='font-size: 13pt; width: 170mm; margin: 0 auto; line-height: 1.8'>
    <tr><td style='width: 36mm'>依托单位：<td>{case.name}<tr><td>证书编号：<td>BZ{case.accredited_on.year}{case.number:04d}
    <tr><td>认定时间：<td>{chinese_day(case.accredited_on)}<tr><td>有 效 期：<td>三年<tr><td>认定部门：<td>{case.authority}</table>"""
    return [Sheet(body, size=(297, 210), margin=24, seals=(Seal(220, 158),))]


def reply(case: Case) -> list[Sheet]:
    """A letter in reply to the applicant."""
    body = f"""{_head(case, "")}<h1 style='font-size: 18pt'>关于同意认定{case.platform}的复函</h1><p>{case.name}：</p>
    <div class=in><p>你单位《关于申请认定{case.platform}的请示》收悉。经研究，函复如下：</p>
    <p>一、同意将“{case.platform}”认定为市级研发创新平台，认定时间为{chinese_day(case.accredited_on)}。</p>
    <p>二、请你单位加强平台运行管理，面向行业开放共享，接受定期评估。</p><p>此复。</p></div>
    <div class=at style='right: 30mm; top: 216mm; text-align: right'>{case.authority}<br>{chinese_day(case.accredited_on)}</div>
    <div class=at style='left: 30mm; bottom: 22mm; font-size: 11pt'>（联系人：{case.contact}；联系电话：010-00000000）</div>"""
    return [Sheet(body, _STYLE, seals=(Seal(152, 224),))]


def list_of_recognised(case: Case) -> list[Sheet]:
    """An announcement with a list in which the applicant is one of many."""
    others = [Case((case.number + step) % 40) for step in (3, 11, 0, 17)]
    rows = "".join(
        f"<tr><td class=mid>{place}<td>{each.platform}<td>{each.name}"
        for place, each in enumerate(others, start=1)
    )
    body = f"""<h1 style='font-size: 18pt; margin-top: 10mm'>{case.authority}<br>关于公布{case.accredited_on.year}年度北京市重点实验室名单的公告</h1>
    <div class=in><p>根据有关管理规定，经评审和公示，现将{case.accredited_on.year}年度认定的北京市重点实验室名单予以公布（见附件）。
    认定有效期自公布之日起三年。</p></div><p>附件：{case.accredited_on.year}年度北京市重点实验室名单</p>
    <div class=right style='margin: 16mm 10mm 12mm 0'>{case.authority}<br>{chinese_day(case.accredited_on)}</div>
    <p>附件</p><table class=lines style='font-size: 11pt'><tr><th>序号<th>实验室名称<th>依托单位{rows}</table>"""
    return [Sheet(body, _STYLE, seals=(Seal(150, 128),))]


LAYOUTS = (notice, certificate, reply, list_of_recognised)
