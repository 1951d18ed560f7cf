from __future__ import annotations

from .support import KernelCase


class FromPython(KernelCase):
    def test_open_send_close(self) -> None:
        self.ok(
            "from comm import create_comm\nc = create_comm(target_name='t', data={'a': 1}, metadata={'m': 2}, buffers=[b'xy'])\n"
            "c.send({'b': 2}, buffers=[memoryview(b'z'), bytearray(b'w')])\nc.close({'c': 3})\nc.close()"
        )
        comm_id = self.names["c"].comm_id
        self.assertEqual(
            self.events("comm_open", "comm_msg", "comm_close"),
            [
                {"type": "comm_open", "executionId": "e1", "commId": comm_id, "targetName": "t", "data": {"a": 1}, "metadata": {"m": 2}},
                {"type": "comm_msg", "executionId": "e1", "commId": comm_id, "data": {"b": 2}, "metadata": {}},
                {"type": "comm_close", "executionId": "e1", "commId": comm_id, "data": {"c": 3}, "metadata": {}},
            ],
        )
        self.assertEqual([buffers for buffers in self.platform.buffers if buffers], [[b"xy"], [b"z", b"w"]])
        self.assertEqual(self.call("commInfo"), {"comms": {}})

    def test_info_lists_open_comms(self) -> None:
        self.ok("from comm import create_comm\na = create_comm(target_name='x', comm_id='1')\nb = create_comm(target_name='y', comm_id='2')")
        self.assertEqual(self.call("commInfo"), {"comms": {"1": {"targetName": "x"}, "2": {"targetName": "y"}}})
        self.assertEqual(self.call("commInfo", targetName="y"), {"comms": {"2": {"targetName": "y"}}})

    def test_messages_arrive(self) -> None:
        self.ok("from comm import create_comm\ngot = []\nc = create_comm(target_name='t', comm_id='c1')\nc.on_msg(got.append)\nc.on_close(got.append)")
        self.assertEqual(self.call("commMsg", [b"raw", bytearray(b"2")], commId="c1", data={"x": 1}, metadata={"m": 1}), {})
        self.assertEqual(self.call("commClose", commId="c1", data={"bye": 1}), {})
        message, closing = self.names["got"]
        self.assertEqual(message["content"], {"comm_id": "c1", "data": {"x": 1}})
        self.assertEqual([bytes(buffer) for buffer in message["buffers"]], [b"raw", b"2"])
        self.assertEqual(message["metadata"], {"m": 1})
        self.assertEqual(closing["content"]["data"], {"bye": 1})
        self.assertEqual(self.call("commInfo"), {"comms": {}})
        self.clear()
        self.ok("c.close()")
        self.assertEqual(self.events("comm_close"), [])

    def test_handler_error_goes_to_stderr(self) -> None:
        self.ok("from comm import create_comm\ndef bad(msg): 1/0\nc = create_comm(comm_id='c')\nc.on_msg(bad)")
        self.assertEqual(self.call("commMsg", commId="c", data={}), {})
        self.assertIn("ZeroDivisionError", self.printed("stderr"))
        self.assertEqual(self.ok("1"), "1")

    def test_failed_open_is_not_listed(self) -> None:
        self.fails("from comm import create_comm\ncreate_comm(comm_id='c', buffers=[5])", "TypeError")
        self.assertEqual(self.call("commInfo"), {"comms": {}})


class FromOutside(KernelCase):
    def test_open_calls_the_target(self) -> None:
        self.ok("opened = []\ndef target(comm, msg):\n    opened.append((comm.comm_id, msg['content']['data']))\n    comm.on_msg(lambda m: comm.send(m['content']['data']))\nget_ipython().kernel.comm_manager.register_target('echo', target)")
        self.assertEqual(self.call("commOpen", commId="n1", targetName="echo", data={"hi": 1}), {})
        self.assertEqual(self.names["opened"], [("n1", {"hi": 1})])
        self.assertEqual(self.events("comm_open"), [])
        self.call("commMsg", commId="n1", data={"ping": 2})
        self.assertEqual(self.events("comm_msg"), [{"type": "comm_msg", "executionId": "e1", "commId": "n1", "data": {"ping": 2}, "metadata": {}}])

    def test_what_a_handler_shows_belongs_to_its_message(self) -> None:
        self.ok(
            "from comm import create_comm\nc = create_comm(comm_id='c')\n"
            "def show(msg):\n    display(get_ipython().kernel.get_parent()['header']['msg_id'])\n    print('said')\n"
            "c.on_msg(show)"
        )
        self.call("commMsg", commId="c", data={}, requestId="message 7")
        shown, = self.events("display_data")
        self.assertEqual(shown["executionId"], "message 7")
        self.assertEqual(shown["data"]["text/plain"], "'message 7'")
        self.assertEqual(self.platform.owned, [("message 7", "said\n")])

    def test_what_a_handler_shows_belongs_to_the_cell_that_made_its_comm_when_the_message_has_no_id(self) -> None:
        self.ok(
            "from comm import create_comm, get_comm_manager\nc = create_comm(comm_id='c')\n"
            "def show(*args):\n    display(1)\n    print('said')\nc.on_msg(show)\n"
            "get_comm_manager().register_target('t', show)", id="maker"
        )  # fmt: skip
        self.ok("pass")
        self.call("commMsg", commId="c", data={})
        self.call("commOpen", commId="d", targetName="t", data={})
        self.assertEqual([event["executionId"] for event in self.events("display_data")], ["maker", "maker"])
        self.assertEqual(self.platform.owned, [("maker", "said\n")] * 2)

    def test_unknown_target_is_closed_again(self) -> None:
        self.call("commOpen", commId="n", targetName="nobody", data={})
        self.assertEqual([event["commId"] for event in self.events("comm_close")], ["n"])
        self.assertEqual(self.call("commInfo"), {"comms": {}})

    def test_target_that_fails_is_closed_again(self) -> None:
        self.ok("def target(comm, msg): 1/0\nget_ipython().kernel.comm_manager.register_target('t', target)")
        self.call("commOpen", commId="n", targetName="t", data={})
        self.assertEqual(len(self.events("comm_close")), 1)
        self.assertIn("ZeroDivisionError", self.printed("stderr"))

    def test_message_for_nobody(self) -> None:
        self.assertEqual(self.call("commMsg", commId="gone", data={}), {})
        self.assertIn("No such comm: gone", self.printed("stderr"))
        self.assertEqual(self.call("commMsg")["error"]["ename"], "KeyError")

    def test_targets_by_name_and_their_removal(self) -> None:
        manager = self.kernel.comms
        manager.register_target("j", "json.dumps")
        self.assertEqual(manager.targets["j"].__name__, "dumps")
        manager.unregister_target("j")
        with self.assertRaises(KeyError):
            manager.unregister_target("j")
