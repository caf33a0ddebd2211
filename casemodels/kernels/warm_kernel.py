"""An IPython kernel in two halves: what can be made before the fork, and what each kernel needs alone.

Made before: the application, the kernel, its shell and every module that they load. Made after, in
the forked process: sockets, threads, the session. The second half of `IPKernelApp.initialize` is
run as it is; only where it would make anew what is there already does this module step in.
"""

from __future__ import annotations

from typing import Any

import zmq
from ipykernel.control import ControlThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from zmq.eventloop.zmqstream import ZMQStream

# A trainee's kernel has no debugger and no history file; what it says goes to its page.
_SETTINGS = (
    "--log-level=50",
    "--HistoryManager.enabled=False",
    "--HistoryManager.hist_file=:memory:",
    "--IPKernelApp.capture_fd_output=False",
)


class WarmKernel(IPythonKernel):
    """The kernel of IPython without a debugger; its channels come after the fork."""

    def connect(self, **channels: Any) -> None:
        """Take the channels that a kernel otherwise gets when it is made."""
        for name, channel in channels.items():
            setattr(self, name, channel)
        shell: Any = self.shell
        shell.displayhook.session = shell.display_pub.session = self.session
        shell.displayhook.pub_socket = shell.display_pub.pub_socket = self.iopub_socket
        shell.displayhook.topic = self._topic("execute_result")

    async def poll_stopped_queue(self) -> None:
        """There is no debugger whose queue could be asked."""


class WarmApp(IPKernelApp):
    """The application around a warm kernel: `warm_up` before the fork, `go_on` after it."""

    def warm_up(self) -> None:
        """Make all that does not depend on one kernel's connection."""
        super(IPKernelApp, self).initialize(list(_SETTINGS))
        self.init_pdb()
        self.init_path()
        self.kernel = WarmKernel.instance(parent=self, log=self.log, profile_dir=self.profile_dir)
        self.init_shell()
        self.init_gui_pylab()
        self.init_extensions()
        self.init_code()

    def go_on(self, connection_file: str) -> None:
        """Open the sockets of a connection file and answer on them until the kernel is shut down."""
        self.connection_file = connection_file
        self.init_connection_file()
        self.init_sockets()
        self.init_heartbeat()
        self.log_connection_info()
        self.init_io()
        self.init_signal()
        self.init_kernel()
        self.start()
        # It may still be busy with the message that ended us, and needs the other threads for it.
        self.control_thread.stop()
        self.control_thread.join()

    def init_control(self, context: zmq.Context[Any]) -> None:
        """The control channel with its thread, without the sockets of a debugger."""
        self.control_socket = context.socket(zmq.ROUTER)
        self.control_socket.linger = 1000
        self._apply_curve_server_options(self.control_socket)
        self.control_port = self._bind_socket(self.control_socket, self.control_port)
        self.control_socket.router_handover = 1
        self.control_thread = ControlThread(daemon=True)

    def init_kernel(self) -> None:
        """Give the kernel that is there already its channels."""
        control_stream = ZMQStream(self.control_socket, self.control_thread.io_loop)
        self.control_thread.start()
        self.kernel.connect(
            session=self.session,
            control_stream=control_stream,
            shell_stream=ZMQStream(self.shell_socket),
            control_thread=self.control_thread,
            iopub_thread=self.iopub_thread,
            iopub_socket=self.iopub_socket,
            stdin_socket=self.stdin_socket,
        )
        self.kernel.record_ports({f"{name}_port": port for name, port in self._ports.items()})
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count
