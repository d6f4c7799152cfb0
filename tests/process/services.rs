//! Services beside a command, in every sandbox: ready before it, with it, gone after it, and how they fail.

use std::time::Duration;

use optiloop::model::command::{CommandSpec, Exit, Finished};
use optiloop::model::launch::Job;
use optiloop::model::service::{Address, Ready, ServiceFailure, ServicePlan, Stop, StopSignal};

use crate::world::{World, skip};

/// A server that answers each request with its own word, says when it is asked to end, and works a second before it is
/// ready where it is told to.
const SERVER: &str = r#"
import http.server, os, signal, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = sys.argv[1].encode()
        self.send_response(503 if self.path == "/sick" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
def end(*_):
    open(os.environ["TMPDIR"] + "/ended", "w").write("in good order")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
busy = float(sys.argv[2]) if len(sys.argv) > 2 else 0
while time.process_time() < busy: pass
http.server.HTTPServer(("127.0.0.1", int(os.environ["OPTILOOP_PORT"])), Handler).serve_forever()
"#;
/// Prints what the service at the port of an argument answers.
const ASK: &str = "import sys, urllib.request; \
                   print(''.join(urllib.request.urlopen(f'http://127.0.0.1:{at}/').read().decode() for at in sys.argv[1:]))";

fn http(path: &str) -> Ready {
    let address = Address { host: "127.0.0.1".to_owned(), port: "{port}".to_owned() };
    Ready::Http { address, path: path.to_owned() }
}

fn service(world: &World, name: &str, start: &[&str], ready: Ready) -> ServicePlan {
    let start = CommandSpec::new(start.to_vec()).in_folder(world.path("work"));
    let (stop, timeout) = (Stop::Signal(StopSignal::Term), Duration::from_secs(20));
    ServicePlan { name: name.to_owned(), start, ready, stop, timeout }
}

fn with(mut job: Job, services: Vec<ServicePlan>) -> Job {
    job.services = services;
    job
}

async fn worlds() -> Vec<World> {
    let worlds = World::all().await;
    if worlds[0].says("command -v python3").await.is_empty() {
        skip("python3");
        return Vec::new();
    }
    worlds
}

fn failed(finished: &Finished) -> &ServiceFailure {
    let Exit::Service(failure) = &finished.exit else { panic!("{finished:?}") };
    failure
}

#[tokio::test]
async fn a_command_meets_its_services_on_ports_of_their_own_and_they_end_with_it() {
    for world in worlds().await {
        let services =
            ["one", "two"].map(|name| service(&world, name, &["python3", "-c", SERVER, name], http("/")));
        let job = world.job(&["python3", "-c", ASK, "{port}", "{port:one}", "{port:two}"]);
        let finished = world.run(with(job, services.into())).await;
        assert_eq!(finished.stdout.text(), "twoonetwo\n", "{world}: {finished:?}");
        let used = finished.usage.services.unwrap();
        assert_eq!(
            (finished.exit, finished.usage.leftovers, used.killed),
            (Exit::Code(0), 0, vec![]),
            "{world}"
        );
    }
}

#[tokio::test]
async fn a_service_is_asked_to_end_before_it_is_killed() {
    for world in worlds().await {
        let mut services = vec![service(&world, "api", &["python3", "-c", SERVER, "x"], http("/"))];
        let script = world.script("true");
        world.run(with(script.clone(), services.clone())).await;
        let told = |world: &World| std::fs::read_to_string(world.path("tmp/ended")).ok();
        assert_eq!(told(&world).as_deref(), Some("in good order"), "{world}");
        // One that does not listen is killed when its time is over.
        services[0].start = CommandSpec::new(["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"])
            .in_folder(world.path("work"));
        services[0].ready = Ready::Command(CommandSpec::new(["true"]).in_folder(world.path("work")));
        services[0].timeout = Duration::from_millis(300);
        let finished = world.run(with(script, services)).await;
        assert_eq!(finished.usage.services.unwrap().killed, ["api"], "{world}");
    }
}

#[tokio::test]
async fn what_a_service_used_is_its_own_and_counts_from_when_it_was_ready() {
    for world in worlds().await {
        let services = vec![service(&world, "api", &["python3", "-c", SERVER, "x", "0.8"], http("/"))];
        let busy = "import time\nwhile time.process_time() < 0.4: pass";
        let usage = world.run(with(world.job(&["python3", "-c", busy]), services)).await.usage;
        let used = usage.services.unwrap();
        assert!(used.ready > Duration::from_millis(800), "{world}: {used:?}");
        assert!(used.cpu < Duration::from_millis(400), "{world}: {used:?}");
        let command = Duration::from_millis(400)..Duration::from_millis(700);
        assert!(command.contains(&usage.cpu), "{world}: {:?}", usage.cpu);
    }
}

#[tokio::test]
async fn a_service_that_fails_is_named_with_its_last_words() {
    for world in worlds().await {
        let run = |start: &'static str, ready, script: &'static str| {
            let mut plan = service(&world, "api", &["sh", "-c", start], ready);
            plan.timeout = Duration::from_millis(400);
            world.run(with(world.script(script), vec![plan]))
        };
        let command = |command: &str| {
            Ready::Command(CommandSpec::new(["sh", "-c", command]).in_folder(world.path("work")))
        };
        let early = run("echo no such table >&2; exit 3", http("/"), "echo ran").await;
        assert_eq!(
            failed(&early).to_string(),
            "service api ended before it was ready: exit code 3; it said last:\nno such table",
            "{world}"
        );
        assert_eq!(early.stdout.text(), "", "{world}");
        let late = run("echo waiting; sleep 9", command("exit 7"), "echo ran").await;
        let said = failed(&late).to_string();
        assert!(
            said.starts_with("service api was not ready within 400ms") && said.contains("exit code 7"),
            "{said}"
        );
        assert!(said.ends_with("it said last:\nwaiting"), "{world}: {said}");
        let deaf = run("sleep 9", http("/"), "echo ran").await;
        assert!(failed(&deaf).to_string().contains("127.0.0.1:"), "{world}: {deaf:?}");
        let during = run("sleep 0.2; echo dying", command("true"), "sleep 9").await;
        assert_eq!(
            failed(&during).to_string(),
            "service api ended while the benchmark ran: exit code 0; it must run on until it is stopped; it said \
             last:\ndying",
            "{world}"
        );
        let absent = world
            .run(with(world.script("true"), vec![service(&world, "db", &["no-such-program"], http("/"))]))
            .await;
        assert!(failed(&absent).to_string().contains("no-such-program not found"), "{world}: {absent:?}");
    }
}

#[tokio::test]
async fn a_sick_answer_is_no_readiness() {
    for world in worlds().await {
        let mut plan = service(&world, "api", &["python3", "-c", SERVER, "x"], http("/sick"));
        plan.timeout = Duration::from_secs(2);
        let finished = world.run(with(world.script("true"), vec![plan])).await;
        assert!(failed(&finished).to_string().contains("503"), "{world}: {finished:?}");
    }
}

#[tokio::test]
async fn the_code_under_test_cannot_signal_what_measures_it() {
    for world in World::confined().await {
        if world.says("command -v pkill").await.is_empty() {
            return skip("pkill");
        }
        // It looks for the command and kills it.
        let start = "while :; do pkill -KILL -f 'sleep 0.74[3]'; sleep 0.05; done";
        let ready = Ready::Command(CommandSpec::new(["true"]).in_folder(world.path("work")));
        let plan = service(&world, "api", &["sh", "-c", start], ready);
        let finished = world.run(with(world.script("exec sleep 0.743"), vec![plan])).await;
        assert_eq!(finished.exit, Exit::Code(0), "{world}: {finished:?}");
    }
}
