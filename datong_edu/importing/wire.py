"""What the portal and its reading process say to each other over two pipes.

An order is its length, the order and the file's bytes; an answer is a run of messages, each its length and a
pair of kind and content: `opened`, then `rows` as often as needed, then `end`; or `refused`, after which the
process takes the next order; or `failed`, after which it is gone.
"""

import struct
from dataclasses import dataclass

from datong_edu.importing.gate.kinds import Limits
from datong_edu.importing.layout import Vocabulary

LENGTH = struct.Struct("<I")
LONGEST_MESSAGE = 256 * 2**20
STOPPED = "文件过大或内容异常，读取时超出了内存或时间限制。请删除多余的空白行列，或拆分后再上传。"
BROKEN_OFF = "文件已损坏，读取时出错。请用Excel或WPS打开并重新保存后再上传。"


@dataclass(frozen=True, slots=True)
class Order:
    """What the child is asked to do; the file's bytes follow it in the pipe."""

    name: str
    vocabulary: Vocabulary
    limits: Limits
    rows_per_slice: int
    file_bytes: int
