"""Our values under their national codes, for other systems: GB/T 2261.1, GB/T 3304, JY/T 1001.

Counties go by GB/T 2260, the code of their `Unit`; kinds of schools are stored as their code already.
"""

from datong_edu.core import codes

SEX: dict[str, str] = {"": "0", codes.Sex.MALE.value: "1", codes.Sex.FEMALE.value: "2"}
"""GB/T 2261.1."""
NATION: dict[str, str] = {name: code for code, name in codes.NATIONS.items()}
"""GB/T 3304, two digits."""
ENROLMENT_STATUS: dict[str, str] = {
    name: code for code, name in reversed(codes.ENROLMENT_STATUS_CODES.items())
}
"""学生当前状态 of the registry; 退学 has two codes, of which the first is told."""
MOVEMENT: dict[str, str] = {name: code for code, name in codes.MOVEMENT_CODES.items()}
"""学籍异动类别, JY/T 1001."""
BOARDING: dict[str, str] = {codes.Boarding.DAY.value: "1", codes.Boarding.BOARDER.value: "2"}
"""就读方式 of the registry."""
ID_TYPE: dict[str, str] = {label: code for code, label in codes.IdType.choices}
"""身份证件类型 of the registry."""
