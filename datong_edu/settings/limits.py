"""How much of what is dear one user, client or address may ask for; counted in PostgreSQL."""

MINUTE, HOUR, DAY = 60, 3600, 86400

LIMITS: dict[str, dict[int, int]] = {
    # seconds of the window -> times in it
    "search": {MINUTE: 120},
    "export": {HOUR: 60, DAY: 300},
    "compare": {HOUR: 40, DAY: 200},
    "upload": {HOUR: 120, DAY: 600},
    "api_call": {MINUTE: 300, DAY: 50_000},
    "api_lookup": {MINUTE: 60, DAY: 5_000},
    "api_upload": {HOUR: 60, DAY: 300},
    "api_token": {MINUTE: 10, HOUR: 60},
}
