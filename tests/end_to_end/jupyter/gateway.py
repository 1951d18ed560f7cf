"""Jupyter's gateway client, pointed at the server that is tested."""

from jupyter_server.gateway.managers import GatewayClient, GatewayKernelManager

__all__ = ["GatewayKernelManager", "use_gateway"]


def use_gateway(url: str) -> None:
    """Makes kernels at `url` from now on."""
    GatewayClient.instance().url = url
