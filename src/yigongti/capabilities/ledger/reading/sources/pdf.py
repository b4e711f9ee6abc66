"""A PDF with text to lines; a scan without text is refused."""

import logging
from io import BytesIO

from yigongti.kernel.errors import FileRefused

_LEAST_TEXT = 40


def text_of(data: bytes, where: str) -> str:
    """The text of all pages, a line a line."""
    from pdfminer.high_level import extract_text
    from pdfminer.layout import LAParams
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfexceptions import PDFException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        text = extract_text(BytesIO(data), laparams=LAParams(boxes_flow=None))
    except PDFPasswordIncorrect as error:
        raise FileRefused(
            "PDF 有密码", where=where, why="加密的 PDF 不能读取文字", remedy="请去掉密码后再读取"
        ) from error
    except (PDFException, ValueError, KeyError, TypeError, IndexError, AssertionError, RecursionError) as error:
        raise FileRefused(
            "PDF 文件已损坏", where=where, why="内部结构无法解析", remedy="请重新下载,或用浏览器打印为新的 PDF"
        ) from error
    if len("".join(text.split())) < _LEAST_TEXT:
        raise FileRefused(
            "PDF 里没有文字", where=where, why="这是扫描件,只有图片", remedy="请先做文字识别(OCR),或上传网页、DOCX 版本"
        )
    return text.replace("\f", "\n")
