"""Titles made from the names of files: the numbers go, and what says nothing gets a better one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.domain.checks.titles import check_titles
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.domain.folder.document_titles import clearer_title, title_of
from tests.samples import MINIMAL, SAMPLE, offered_file, source_of


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("01-合同.pdf", "合同"),
        ("（4）营业执照.pdf", "营业执照"),
        ("五、利润表.pdf", "利润表"),
        ("3 号楼租赁合同.pdf", "3 号楼租赁合同"),
        ("1-5月流水.pdf", "1-5月流水"),
        ("3.15合同.pdf", "3.15合同"),
        ("2-1 合同.pdf", "2-1 合同"),
        ("合同.pdf.pdf", "合同"),
        ("合同.PDF", "合同"),
        ("第2项.pdf", "第2项"),
        ("Mu\u0308ller授权证明.pdf", "M\u00fcller授权证明"),
        ("2.pdf", "2"),
        ("申报书（盖章扫描）.pdf", "申报书（盖章扫描）"),
    ],
)
def test_a_title_loses_suffix_and_number_and_nothing_else(name: str, title: str) -> None:
    assert title_of(name) == title


@pytest.mark.parametrize(
    "title",
    [
        *(
            "IMG_20250301_123456",
            "IMG_1234",
            "IMG-20250301-WA0001",
            "DSC0001",
            "DSC_0001",
            "P1010001",
        ),
        *(
            "mmexport1690000000000",
            "wx_camera_1690000000",
            "微信图片_20250301123456_12",
            "QQ图片20250301",
        ),
        *(
            "企业微信截图_16900000",
            "Screenshot_20250301-123456",
            "PXL_20250301_123456789",
            "DSCF1234",
        ),
        *("Screenshot_2025-03-01-12-30-00-123_com.tencent.mm", "屏幕截图 2025-03-01 123456"),
        *(
            "截屏2025-03-01 12.30.45",
            "屏幕快照 2025-03-01 下午3.12.45",
            "Scan0001",
            "扫描 1",
            "扫描件",
        ),
        *("扫描全能王 2025-03-01 12.30", "CamScanner 03-01-2025 12.30", "Adobe Scan 2025年3月1日"),
        *("扫描件_20250301", "doc00123", "SKM_C25825030112300", "WPS扫描20250301", "新扫描文档"),
        *(
            "未命名",
            "新建文档",
            "新建 Microsoft Word 文档",
            "无标题",
            "untitled",
            "Untitled-1",
            "文档1",
        ),
        *(
            "New Document 5",
            "Document1",
            "图片1",
            "照片",
            "photo 2",
            "附件1",
            "副本",
            "第1页",
            "合并文件",
        ),
        *(
            "定稿v3",
            "最终版(2)",
            "修改稿",
            "初稿",
            "IMG_20250301 (2)",
            "d41d8cd98f00b204e9800998ecf8427e",
        ),
        *("3fa85f64-5717-4562-b3fc-2c963f66afa6", "lADPDgQ9rXYZabc1234NBkDNBLA_1200_1600"),
        *(
            "123",
            "1",
            "01",
            "100001",
            "20250301",
            "2025-03-01",
            "2025年3月1日",
            "20250301_123456",
            "a",
        ),
    ],
)
def test_a_title_of_a_device_or_of_nothing_says_nothing(title: str) -> None:
    assert clearer_title(title) == ""


@pytest.mark.parametrize(
    ("title", "clearer"),
    [
        ("合同定稿v3", "合同"),
        ("合同v3", "合同"),
        ("合同V2.1", "合同"),
        ("合同最终版", "合同"),
        ("合同最终版(2)", "合同"),
        ("最新版合同", "合同"),
        ("合同（终稿）", "合同"),
        ("租赁合同（修改稿）", "租赁合同"),
        ("合同-定稿-20250301", "合同-20250301"),
        ("租赁合同 - 副本", "租赁合同"),
        ("租赁合同 - 副本 (2)", "租赁合同"),
        ("副本-合同", "合同"),
        ("合同_final", "合同"),
        ("微信图片_20250301_营业执照", "营业执照"),
        ("IMG_20250301_营业执照", "营业执照"),
        ("dzfp_25112000000012345678_某某公司_20250301", "发票-某某公司"),
        ("dzfp_25112000000012345678", "发票"),
    ],
)
def test_of_a_title_with_marks_the_words_are_kept(title: str, clearer: str) -> None:
    assert clearer_title(title) == clearer


@pytest.mark.parametrize(
    "title",
    [
        *(
            "合同",
            "发票2",
            "发票 (1)",
            "合同（1）",
            "租赁合同",
            "证明",
            "图纸",
            "report",
            "CMA",
            "NDA",
        ),
        *(
            "营业执照",
            "营业执照副本",
            "营业执照 - 副本",
            "2024年度审计报告",
            "审计报告2024",
            "2025年3月流水",
        ),
        *(
            "租赁合同扫描件",
            "扫描件 合同",
            "实验室照片",
            "测试报告",
            "补充材料",
            "文件汇编",
            "截图说明",
        ),
        *(
            "XX管理系统V1.0",
            "数据平台 v2.0",
            "ISO9001",
            "ISO9001-2015-Certificate",
            "3号楼租赁合同",
        ),
        *("申报书（盖章扫描）", "（2025）京01号批复", "京科发〔2025〕1号", "最终用户许可协议"),
        *("最终受益人声明", "身份证正面", "合作协议（2025）", "三方协议", "日记账"),
    ],
)
def test_a_title_that_says_what_it_is_is_left_alone(title: str) -> None:
    assert clearer_title(title) is None


@given(st.text(max_size=40) | st.text("副本定稿最终版v123_-() 合同IMG扫描件", max_size=20))
def test_what_is_proposed_is_itself_clear(title: str) -> None:
    clearer = clearer_title(title)
    if clearer:
        assert clearer_title(clearer) in (None, clearer)
        assert clearer == clearer.strip()


@pytest.mark.parametrize("folder", [MINIMAL, SAMPLE])
def test_the_titles_of_our_own_applications_are_clear(folder: object) -> None:
    for item in read_folder(folder).offered:  # type: ignore[arg-type]
        assert clearer_title(item.title) is None


# The finding


def proposed(*files: str, material: str = "lease") -> dict[str, str]:
    """What is proposed for each of these files of a material, by file."""
    sources = [
        replace(
            source_of(material, file),
            offered=offered_file(
                material, title_of(file.rpartition("/")[2]), file=file, where=file
            ),
        )
        for file in files
    ]
    found = {finding.where: finding.remedy for finding in check_titles(sources)}
    return {file: remedy.partition("”")[0].partition("“")[2] for file, remedy in found.items()}


def test_a_title_is_proposed_from_the_name_the_folder_or_the_material() -> None:
    lease = "attachments/2-场地租赁合同"
    files = (f"{lease}/合同v3.pdf", f"{lease}/房租发票/IMG_0001.jpg", f"{lease}/IMG_0002.jpg")
    assert list(proposed(*files).values()) == ["合同", "房租发票", "场地租赁合同"]
    assert proposed("扫描/IMG_0001.jpg", material="licence") == {"扫描/IMG_0001.jpg": "营业执照"}


def test_several_files_get_titles_of_their_own() -> None:
    lease = "attachments/2-租赁合同"
    files = [f"{lease}/{name}.jpg" for name in ("IMG_0001", "IMG_0002", "租赁合同1")]
    assert proposed(*files) == {files[0]: "租赁合同2", files[1]: "租赁合同3"}


def test_the_number_that_puts_a_file_in_order_is_kept_in_the_new_name() -> None:
    file = "attachments/4-营业执照/01-IMG_0001.jpg"
    offered = offered_file("licence", "IMG_0001", file=file, where=file)
    (finding,) = check_titles([replace(source_of("licence"), offered=offered)])
    assert (finding.code, finding.severity, finding.where) == ("title-unclear", "warning", file)
    assert "“01-营业执照.jpg”" in finding.remedy
    assert "title" not in finding.remedy


def test_a_title_that_was_written_is_not_judged_and_a_listed_file_may_get_one() -> None:
    file = "a/IMG_0001.jpg"
    written = offered_file("licence", "照片", file=file, where="attachments[0]")
    assert not list(check_titles([replace(source_of("licence"), offered=written)]))
    listed = replace(written, title="IMG_0001")
    (finding,) = check_titles([replace(source_of("licence"), offered=listed)])
    assert finding.where == "attachments[0]"
    assert "写明 title" in finding.remedy
