"""An installation for tests that start the server itself."""

from pathlib import Path

import pytest

from queue_app import create_app
from queue_app.adapters.key_file import create_keyring
from queue_app.config import Settings
from queue_app.migrating import upgrade
from tests.conftest import close


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with keys and an empty SQLite database; what is tested here does not depend on the kind."""
    folder = tmp_path_factory.mktemp("installation") / "data"
    settings = Settings(instance=folder, database_url=f"sqlite:///{folder / 'queue.db'}")
    create_keyring(settings.keys_file)
    app = create_app(settings)
    upgrade(app)
    close(app)
    return folder
