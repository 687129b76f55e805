"""The Chinese names of the stages of a job, as interfaces show them."""

from collections.abc import Mapping

from sjs_forms.base.progress import Stage

STAGE_NAMES: Mapping[str, str] = {
    Stage.STARTING: "启动",
    Stage.READING: "读取申报",
    Stage.OPENING: "读取附件",
    Stage.TYPESETTING: "排版",
    Stage.PACKING: "打包在线申报材料",
    Stage.ASSEMBLING: "装订",
    Stage.VERIFYING: "校验",
    Stage.COPYING: "分拣纸张",
    Stage.PUBLISHING: "写入输出文件夹",
    Stage.DONE: "完成",
    Stage.RECOGNISING: "辨认扫描页",
    Stage.DRAWING: "样张",
    Stage.INSPECTING: "核对",
}
