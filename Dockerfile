# Two stages: what builds, and what runs. What runs has no compiler, no package tools, no root.

FROM python:3.13-slim AS build
# base, or ses for Amazon's own way: docker compose build --build-arg PACKAGES=ses
ARG PACKAGES=base
WORKDIR /vipu
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
COPY requirements/installer.lock requirements/${PACKAGES}.lock requirements/
RUN python -m venv .venv \
 && .venv/bin/python -m pip install --quiet --require-hashes -r requirements/installer.lock \
 && .venv/bin/uv pip install --python .venv/bin/python --compile-bytecode --require-hashes -r requirements/${PACKAGES}.lock \
 && .venv/bin/uv pip uninstall --python .venv/bin/python uv pip
COPY manage.py pyproject.toml README.md LICENSE ./
COPY accounts accounts
COPY backend backend
COPY catalogue catalogue
COPY events events
COPY notifications notifications
COPY registrations registrations
COPY surveys surveys
COPY web web
# The words of the three languages and the files of the pages are made once, here
RUN mkdir staticfiles \
 && .venv/bin/python -m backend.translations \
 && VIPU_DATA_DIR=/tmp/build .venv/bin/python manage.py collectstatic --no-input --verbosity 0 --ignore "swagger-ui*" \
 && .venv/bin/python -m compileall -q accounts backend catalogue events notifications registrations surveys web \
 && printf '#!/vipu/.venv/bin/python\nimport sys\nfrom backend.cli import main\nsys.exit(main())\n' > .venv/bin/vipu \
 && chmod 755 .venv/bin/vipu

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /vipu --shell /usr/sbin/nologin vipu \
 && install --directory --owner vipu --group vipu --mode 700 /data
COPY --from=build /vipu /vipu
WORKDIR /vipu
ENV PATH=/vipu/.venv/bin:$PATH PYTHONPATH=/vipu PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 VIPU_DATA_DIR=/data
USER vipu
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["vipu"]
CMD ["web"]
