"""Drives headless Chromium through its debugging pipe, with the standard library alone.

Reads a JSON list of commands from standard input and prints, as JSON, what each evaluation gave (as
text) and what the page asked the network for. Every wait is for an event or an answer of the browser; none is for time to pass.
"""
import base64
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile


class Browser:
    def __init__(self, profile):
        program = shutil.which("chromium") or shutil.which("chromium-browser") \
            or shutil.which("google-chrome")
        if program is None:
            sys.exit("chromium is missing; install it: apt-get install -y chromium")
        here_out, there_in = os.pipe()[::-1]
        there_out, here_in = os.pipe()[::-1]

        def place_pipes():
            # The browser reads from 3 and writes to 4. Copies further up keep the two from clashing.
            source = fcntl.fcntl(there_in, fcntl.F_DUPFD_CLOEXEC, 10)
            sink = fcntl.fcntl(there_out, fcntl.F_DUPFD_CLOEXEC, 10)
            os.dup2(source, 3)
            os.dup2(sink, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
             "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=" + profile,
             "--remote-debugging-pipe", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=place_pipes, close_fds=False)
        os.close(there_in)
        os.close(there_out)
        self.out, self.input = here_out, os.fdopen(here_in, "rb", buffering=0)
        self.unread, self.number, self.session = b"", 0, None
        self.requests, self.events = [], []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.ask(domain + ".enable")

    def message(self):
        while b"\0" not in self.unread:
            part = self.input.read(1 << 16)
            if not part:
                sys.exit("chromium ended")
            self.unread += part
        line, self.unread = self.unread.split(b"\0", 1)
        return json.loads(line)

    def take(self, message):
        method = message.get("method")
        if method == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        if method == "Runtime.exceptionThrown":
            sys.exit("the page's script failed: " + json.dumps(message["params"]))
        if method == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
            sys.exit("the page complains: " + message["params"]["entry"]["text"])
        if method:
            self.events.append(method)

    def ask(self, method, **params):
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.out, json.dumps(request).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    sys.exit(f"{method}: {message['error']}")
                return message["result"]
            self.take(message)

    def wait(self, event):
        while event not in self.events:
            self.take(self.message())

    def open(self, path):
        self.events = []
        self.ask("Page.navigate", url="file://" + path)
        self.wait("Page.loadEventFired")

    def evaluate(self, expression):
        answer = self.ask(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            sys.exit(f"{expression}: {json.dumps(answer['exceptionDetails'])}")
        return answer["result"].get("value")

    def click(self, selector):
        box = self.evaluate(
            "(() => { const e = document.querySelector(%s); e.scrollIntoView({block: 'center', "
            "behavior: 'instant'}); const b = e.getBoundingClientRect(); "
            "return [b.x + Math.min(b.width / 2, 60), b.y + b.height / 2]; })()"
            % json.dumps(selector))
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left",
                     clickCount=1)

    def key(self, key):
        text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        code = {"Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "Enter": 13, "Tab": 9}.get(key, 0)
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code,
                 **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def look(self, width, height, scheme):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=width < 600)
        self.ask("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": scheme},
                           {"name": "prefers-reduced-motion", "value": "reduce"}])

    def shoot(self, path):
        picture = self.ask("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture))


def main():
    signal.alarm(120)
    commands, answers = json.load(sys.stdin), []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        for name, *arguments in commands:
            answer = getattr(browser, name)(*arguments)
            if name == "evaluate":
                answers.append(answer if isinstance(answer, str) else json.dumps(answer))
        browser.session = None
        browser.number += 1
        os.write(browser.out, json.dumps({"id": browser.number, "method": "Browser.close"}).encode()
                 + b"\0")
        browser.process.wait()
    print(json.dumps({"answers": answers, "requests": browser.requests}))


main()
