# %%
import numpy as np
np.__name__, np.arange(3)
# %%
a = np.arange(12).reshape(3, 4)
a
# %%
a.T @ a
# %%
np.set_printoptions(precision=3, suppress=True)
np.linspace(0, 1, 7)
# %%
rng = np.random.default_rng(42)
x = rng.normal(size=(2, 3))
x
# %%
np.linalg.svd(x, full_matrices=False)
# %%
np.linalg.inv(np.array([[1.0, 2.0], [3.0, 4.0]]))
# %%
np.array([1, 2]) + np.array([1, 2, 3])
# %%
np.array([1.0, 0.0]) / np.array([0.0, 0.0])
# %%
np.linalg.inv(np.zeros((2, 2)))
# %%
np.dtype("int").name, np.iinfo(np.int64).max, np.array([2**40]).dtype
# %%
np.array([1, 2, 3]).dtype, np.array([1.5, None], dtype=object)
# %%
people = np.array([("Ada", 36), ("Alan", 41)], dtype=[("name", "U10"), ("age", "i4")])
people["age"].mean(), people
# %%
m = np.ma.masked_array([1, 2, 3], mask=[False, True, False])
m.sum(), m
# %%
np.datetime64("2026-03-01") - np.datetime64("2026-02-01"), np.array(["2026-01-01"], dtype="M8[D]")
# %%
np.save("a.npy", a); np.savez_compressed("b.npz", a=a, x=x)
np.load("a.npy").shape, sorted(np.load("b.npz").files)
# %%
np.savetxt("a.csv", a, delimiter=",", fmt="%d")
print(open("a.csv").read())
np.genfromtxt("a.csv", delimiter=",")
# %%
np.fft.rfft([1, 2, 3, 4]), np.polyfit([0, 1, 2], [1, 3, 5], 1)
# %%
np.einsum("ij,kj->ik", a, a)
# %%
big = np.zeros((1000, 1000)); big.nbytes, big
# %%
f"{np.pi:.3f}", np.float32(0.1), np.bool_(True), np.int8(5)
# %%
np.testing.assert_allclose([1, 2], [1, 2.1])
