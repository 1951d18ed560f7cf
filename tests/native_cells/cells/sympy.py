# %%
import sympy as sp
x, y = sp.symbols("x y")
sp.integrate(sp.sin(x) ** 2, x)
# %%
sp.init_printing()
sp.sqrt(x**2 + 1)
# %%
sp.Matrix([[1, x], [y, 2]])
# %%
sp.solve(x**2 - 2, x)
# %%
print(sp.latex(sp.Integral(sp.exp(-x**2), (x, 0, sp.oo))))
# %%
sp.lambdify(x, sp.sin(x) + x**2, "numpy")(2.0)
# %%
sp.plot(sp.sin(x), show=False)
# %%
sp.plot(sp.sin(x))
# %%
sp.diff(sp.tan(x), x), sp.series(sp.cos(x), x, 0, 6)
# %%
sp.pprint(sp.Rational(1, 3) * x)
# %%
sp.init_printing(use_latex=False)
x**2 / 3
# %%
sp.init_printing(pretty_print=False)
x**2 / 3
# %%
sp.init_session()
# %%
sp.factorint(2**31 - 2), sp.prime(100)
# %%
sp.dsolve(sp.Function("f")(x).diff(x) - sp.Function("f")(x))
# %%
sp.sympify("1/0 +")
# %%
{x: 1, y: [x, y]}
# %%
sp.printing.pretty(sp.Sum(1 / x, (x, 1, 3)))
# %%
import mpmath
mpmath.mp.dps = 30
mpmath.pi, mpmath.quad(lambda t: t**2, [0, 1])
# %%
sp.N(sp.pi, 40)
