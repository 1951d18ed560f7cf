"""The packages of modules that everybody knows, for advice: a module's name alone does not tell whose package it is.

Only packages that are generally known stand here. So a misspelled import never leads to the package of a stranger.
"""

from __future__ import annotations

_OTHER_NAMES = """
Bio biopython
Crypto pycryptodome
Cryptodome pycryptodomex
Levenshtein levenshtein
MySQLdb mysqlclient
OpenGL PyOpenGL
OpenSSL pyOpenSSL
PIL pillow
Xlib python-xlib
absl absl-py
attr attrs
bs4 beautifulsoup4
cairo pycairo
community python-louvain
cv2 opencv-python
dateutil python-dateutil
discord discord.py
dns dnspython
docx python-docx
dotenv python-dotenv
faiss faiss-cpu
fitz PyMuPDF
flask_cors flask-cors
flask_login flask-login
flask_sqlalchemy flask-sqlalchemy
gi PyGObject
git GitPython
github PyGithub
google.auth google-auth
google.cloud.bigquery google-cloud-bigquery
google.cloud.storage google-cloud-storage
google.generativeai google-generativeai
google.genai google-genai
google.protobuf protobuf
googleapiclient google-api-python-client
grpc grpcio
haystack haystack-ai
jose python-jose
jwt PyJWT
kafka kafka-python
langchain_community langchain-community
langchain_core langchain-core
langchain_openai langchain-openai
ldap python-ldap
llama_index llama-index
magic python-magic
memcache python-memcached
mpl_toolkits matplotlib
mysql.connector mysql-connector-python
nacl PyNaCl
odf odfpy
osgeo GDAL
pkg_resources setuptools
plotly_express plotly
pptx python-pptx
psycopg2 psycopg2-binary
pytorch_lightning pytorch-lightning
pywintypes pywin32
pywt PyWavelets
rest_framework djangorestframework
sentence_transformers sentence-transformers
serial pyserial
sklearn scikit-learn
skimage scikit-image
slugify python-slugify
snappy python-snappy
socketio python-socketio
socks PySocks
speech_recognition SpeechRecognition
telegram python-telegram-bot
tlz toolz
umap umap-learn
usb pyusb
websocket websocket-client
win32api pywin32
win32com pywin32
wx wxPython
xdist pytest-xdist
yaml PyYAML
zmq pyzmq
"""

_SAME_NAMES = """
IPython PyPDF2 PyQt5 PyQt6 PySide6 accelerate aiofiles aiohttp alembic altair anthropic anyio apscheduler arrow arviz asgiref
asyncpg awkward bcrypt black bokeh boto3 botocore bottle branca cartopy catboost celery certifi cffi cftime chardet
chromadb click cloudpickle colorama coverage cryptography cupy cvxpy cython dash dask datasets datashader deap distributed
django docopt docutils duckdb emoji fabric faker fastai fastapi fastparquet feedparser fiona flake8 flask folium fsspec
fugue gensim geopandas gevent gradio graphviz greenlet gunicorn h5py holoviews html5lib httpx httplib2 huggingface_hub humanize
hvplot hypothesis igraph imageio isort jax jinja2 joblib jsonschema jupyter_client keras kivy langchain langgraph librosa
lightgbm lightning litellm llvmlite loguru lxml mako markdown markupsafe matplotlib mistune mlflow mlxtend moviepy mpmath
msgpack mypy nbconvert nbformat netCDF4 networkx ninja nltk notebook numba numexpr numpy omegaconf onnx onnxruntime openai
openpyxl optuna orjson pandas panel paramiko pdfplumber peewee pendulum pexpect pikepdf pint plotly plotnine polars
playwright praw prefect prettytable prompt_toolkit prophet psutil psycopg pyarrow pyautogui pycaret pydantic pydeck pydot pyecharts pygame pygments
pylint pymc pymongo pymysql pynput pypdf pyperclip pyproj pyreadstat pyspark pytest pytz pyvista rasterio ray redis regex
reportlab requests rich rdflib ruamel.yaml safetensors scipy scrapy seaborn selenium sentencepiece shap shapely simpy six sortedcontainers
spacy sqlalchemy sqlmodel starlette statsmodels streamlit sympy tables tabulate tenacity tensorboard tensorflow textblob theano tiktoken
tokenizers toml tomli tomlkit toolz torch torchaudio torchvision tornado tqdm traitlets transformers trio twisted typer tzdata
tzlocal ujson unidecode uvicorn vaex validators vispy wandb watchdog websockets werkzeug wordcloud wrapt xarray xgboost
xlrd xlsxwriter xlwt xmltodict xxhash yfinance zarr zstandard
"""


def known_packages() -> dict[str, str]:
    """Returns the names of packages by those of modules such as `yaml` or `google.protobuf`."""
    words = _OTHER_NAMES.split()
    return {name: name for name in _SAME_NAMES.split()} | dict(zip(words[::2], words[1::2]))
