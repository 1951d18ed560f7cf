# %%
import seaborn as sns
sns.set_theme()
import pandas as pd, numpy as np
tips = pd.DataFrame({"bill": [10, 20, 30, 15], "tip": [1, 3, 4, 2], "day": list("abab")})
sns.scatterplot(tips, x="bill", y="tip", hue="day")
# %%
sns.histplot(tips.bill, kde=True);
# %%
sns.pairplot(tips)
# %%
g = sns.FacetGrid(tips, col="day"); g.map(sns.scatterplot, "bill", "tip")
# %%
sns.heatmap(tips[["bill", "tip"]].corr(), annot=True)
# %%
sns.load_dataset("iris")
# %%
from sklearn.linear_model import LinearRegression
model = LinearRegression().fit(tips[["bill"]], tips.tip)
model
# %%
model.coef_.round(4), round(model.score(tips[["bill"]], tips.tip), 4)
# %%
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.ensemble import RandomForestClassifier
from sklearn.datasets import load_iris
iris = load_iris(as_frame=True)
pipe = make_pipeline(StandardScaler(), RandomForestClassifier(n_estimators=10, random_state=0)).fit(iris.data, iris.target)
pipe
# %%
from sklearn.model_selection import cross_val_score, train_test_split
cross_val_score(pipe, iris.data, iris.target, cv=3).round(3)
# %%
from sklearn.metrics import classification_report, ConfusionMatrixDisplay
print(classification_report(iris.target, pipe.predict(iris.data)))
# %%
ConfusionMatrixDisplay.from_predictions(iris.target, pipe.predict(iris.data))
# %%
from sklearn.model_selection import GridSearchCV
from sklearn.svm import SVC
GridSearchCV(SVC(), {"C": [1, 10]}, cv=3, n_jobs=-1).fit(iris.data, iris.target).best_params_
# %%
LinearRegression().predict([[1]])
# %%
from sklearn.cluster import KMeans
KMeans(2, random_state=0, n_init=1).fit(tips[["bill", "tip"]]).labels_
# %%
from scipy import stats, optimize, integrate, linalg, sparse, signal, interpolate
stats.ttest_ind([1, 2, 3], [2, 3, 4])
# %%
optimize.minimize(lambda x: (x[0] - 1) ** 2, [0.0], method="Nelder-Mead").x.round(3)
# %%
integrate.quad(lambda x: x**2, 0, 1)
# %%
sparse.csr_matrix(np.eye(3))
# %%
stats.norm(0, 1).cdf(1.96), stats.linregress([1, 2, 3], [2, 4, 6.1])
# %%
optimize.curve_fit(lambda x, a: a * x, [1, 2, 3], [2, 4, 6])[0]
# %%
linalg.expm(np.zeros((2, 2)))
# %%
from scipy.integrate import solve_ivp
solve_ivp(lambda t, y: -y, [0, 1], [1.0]).y[0, -1].round(3)
# %%
signal.find_peaks([0, 1, 0, 2, 0]), interpolate.interp1d([0, 1], [0, 2])(0.5)
# %%
from PIL import Image, ImageDraw
image = Image.new("RGB", (32, 16), "red"); ImageDraw.Draw(image).line((0, 0, 31, 15), fill="white")
image
# %%
image.save("i.png"); image.save("i.jpg"); Image.open("i.jpg").size
# %%
image.convert("L").resize((4, 4)).tobytes()[:4]
# %%
image.show()
# %%
import networkx as nx
G = nx.karate_club_graph()
nx.draw(G)
# %%
G
# %%
nx.shortest_path(G, 0, 33), nx.density(G).__round__(3), nx.pagerank(G)[0].__round__(4)
# %%
nx.draw_networkx(nx.path_graph(4), pos=nx.spring_layout(nx.path_graph(4), seed=1)); 
# %%
nx.to_pandas_adjacency(nx.path_graph(3))
# %%
nx.shortest_path(nx.empty_graph(2), 0, 1)
