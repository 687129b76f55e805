"""Says in a few words what each file of a build is for."""

_USES = {
    "装订版.pdf": "整册内页",
    "封面书脊.pdf": "封面、书脊、封底",
    "印制单.pdf": "印法、份数、盖章的地方",
    "在线申报.zip": "网上申报要的各项文件",
    "manifest.json": "自己留存，不用上交",
    "补印.pdf": "只印这些张",
    "补印单.csv": "哪些张留用、哪些重印",
    "彩页.pdf": "彩色打印的张",
    "内页.pdf": "黑白打印的张",
    "合册表.csv": "彩页、内页怎样合成一册",
}
_GOES_TO = {
    "装订版.pdf": "送印厂：",
    "封面书脊.pdf": "送印厂：",
    "印制单.pdf": "随文件交给印厂：",
    "在线申报.zip": "上传到申报系统：",
}
_BY_ENDING = {"pdf": "打印、签字、盖章", "docx": "可在 Word、WPS 中打开"}


def use_of(name: str, is_draft: bool) -> str:
    """Return what a file is for, by its path within the build; a draft is sent to nobody."""
    short = name.rpartition("/")[2]
    use = _USES.get(short) or _BY_ENDING.get(short.rpartition(".")[2], "")
    return use if is_draft else _GOES_TO.get(short, "") + use


def shown_name(name: str) -> str:
    """Return a file's name as the page shows it."""
    return "核对记录" if name.rpartition("/")[2] == "manifest.json" else name
