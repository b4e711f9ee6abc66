"""Plain text in the encodings Chinese offices use."""

import re

from yigongti.kernel.errors import FileRefused

UTF8_MARK = b"\xef\xbb\xbf"
_PROGRAMS = {
    b"MZ": "Windows 可执行程序",
    b"\x7fELF": "Linux 可执行程序",
    b"\xcf\xfa\xed\xfe": "macOS 可执行程序",
    b"\xca\xfe\xba\xbe": "可执行程序",
}
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "旧版 Office 文件(.doc/.xls/.wps)",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
    b"{\\rtf": "RTF 文件",
    b"OFDR": "OFD 文件",
}
_WIDE_SAMPLE, _WIDE_ZEROS, _WIDE_HAN = 4000, 0.002, 0.3
_HAN = re.compile("[\u4e00-\u9fff]")
_MOJIBAKE = re.compile("[\u00c0-\u00ff][\u0080-\u00ff]|\ufffd|锟斤拷|烫烫烫|[鏂囦欢鐨勭殑鍗鐢浠鍖鏈绯]{3}")


def refuse_programs(data: bytes, where: str) -> None:
    """Refuse a program or another kind of file under whatever name it comes."""
    for magic, what in _PROGRAMS.items():
        if data.startswith(magic):
            raise FileRefused(
                f"这是{what},不是文档",
                where=where,
                why="文件内容与扩展名不符",
                remedy="请不要打开它;改为上传政策文件的网页、TXT、DOCX 或 PDF",
            )
    for magic, what in _OTHERS.items():
        if data.startswith(magic):
            raise FileRefused(
                f"不能读取{what}",
                where=where,
                why="只读取网页、TXT、DOCX 和带文字的 PDF",
                remedy="请另存为 DOCX 或 TXT 后再读取",
            )


def text_of(data: bytes, where: str) -> str:
    """Decode by mark, then UTF-8, then GB18030; refuse what is no text or has been decoded wrongly before."""
    text = decode(data, where)
    check_readable(text, where)
    return text


def narrowed(data: bytes) -> bytes:
    """UTF-16, with or without its mark, as marked UTF-8; anything else as it is."""
    wide = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else _unmarked_wide(data)
    return UTF8_MARK + data.decode(wide, errors="replace").encode("utf-8") if wide else data


def decode(data: bytes, where: str) -> str:
    """Bytes to text in the first encoding that fits."""
    if data.startswith(UTF8_MARK):
        return data.decode("utf-8-sig", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    readable = data.decode("utf-8", errors="replace")
    if readable.count("\ufffd") < max(3, len(readable) * 0.002):
        return readable
    raise FileRefused(
        "文字编码无法识别",
        where=where,
        why="内容既不是 UTF-8 也不是 GBK/GB18030,或文件已损坏",
        remedy="请用原始网页重新保存为 UTF-8 文本",
    )


def _unmarked_wide(data: bytes) -> str | None:
    """UTF-16 without its mark: line ends and digits leave a zero on one side of the pairs and not on the other."""
    sample = data[:_WIDE_SAMPLE]
    zeros = {"utf-16-le": sample[1::2].count(0), "utf-16-be": sample[0::2].count(0)}
    likely = max(zeros, key=lambda encoding: zeros[encoding])
    if zeros[likely] < max(2, len(sample) * _WIDE_ZEROS) or zeros[likely] < 10 * min(zeros.values()):
        return None
    text = sample[: len(sample) // 2 * 2].decode(likely, errors="replace")
    return likely if len(_HAN.findall(text)) > len(text) * _WIDE_HAN else None


def check_readable(text: str, where: str) -> None:
    """Refuse binary rubbish and 乱码."""
    sample = text[:20_000]
    odd = sum(1 for char in sample if ord(char) < 32 and char not in "\n\r\t\f")
    garbled = len(_MOJIBAKE.findall(sample))
    han = len(_HAN.findall(sample))
    if odd > len(sample) * 0.02:
        raise FileRefused(
            "这不是文本文件", where=where, why="内容含有大量控制字符", remedy="请上传政策文件的网页、TXT、DOCX 或 PDF"
        )
    if garbled > 8 and garbled > han * 0.05:
        raise FileRefused(
            "文字是乱码",
            where=where,
            why=f"开头{len(sample)}字中有{garbled}处无法辨认的字符",
            remedy="文件曾以错误的编码转存,请从原网页重新保存",
        )
