//! A program watched from outside: at which moments it has a child at work, and when it prints a line.
//!
//! A moment counts as the program's own when every child it has is a zombie or there is none. Looks come about twice a
//! millisecond, so that a share of 2 % is told within a tenth of it after some ten thousand of them. Start at
//! [`Watched::run`].

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use optiloop::clock::Stopwatch;
use optiloop::fs::{entries, read_text};

/// Time between two looks.
const EVERY: Duration = Duration::from_micros(500);

/// What was seen of a program.
pub(crate) struct Watched {
    /// When it was looked at, and whether it worked alone.
    looks: Vec<(Duration, bool)>,
    /// Lines it printed, with the moment.
    pub(crate) lines: Vec<(Duration, String)>,
    /// From start to end.
    pub(crate) wall: Duration,
}

impl Watched {
    /// Runs a program to its end.
    pub(crate) fn run(command: &mut Command) -> std::io::Result<Self> {
        let clock = Stopwatch::start();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let stdout = child.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        let pid = child.id();
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let lines = BufReader::new(stdout).lines().map_while(Result::ok);
                lines.map(|line| (clock.elapsed(), line)).collect::<Vec<_>>()
            });
            let mut looks = Vec::new();
            while child.try_wait()?.is_none() {
                looks.push((clock.elapsed(), works_alone(pid)));
                std::thread::sleep(EVERY);
            }
            let wall = clock.elapsed();
            let lines = reader.join().map_err(|_| std::io::Error::other("the reader panicked"))?;
            Ok(Self { looks, lines, wall })
        })
    }

    /// Share of the looks between two moments at which it worked alone, and how many looks there were.
    pub(crate) fn own_share(&self, from: Duration, to: Duration) -> (f64, usize) {
        let looks = self.looks.iter().filter(|(at, _)| (from..=to).contains(at));
        let (mut all, mut own) = (0_u32, 0_u32);
        for (_, alone) in looks {
            all += 1;
            own += u32::from(*alone);
        }
        (f64::from(own) / f64::from(all.max(1)), all as usize)
    }
}

/// Whether no child of any of its threads is at work.
fn works_alone(pid: u32) -> bool {
    let tasks = entries(Path::new(&format!("/proc/{pid}/task"))).unwrap_or_default();
    let children: Vec<String> =
        tasks.iter().filter_map(|task| read_text(&task.join("children")).ok()).collect();
    !children.iter().flat_map(|list| list.split_ascii_whitespace()).any(is_at_work)
}

fn is_at_work(pid: &str) -> bool {
    let stat = read_text(Path::new(&format!("/proc/{pid}/stat"))).unwrap_or_default();
    // The name in parentheses may hold anything; the state follows it.
    let state = stat.rsplit_once(')').and_then(|(_, rest)| rest.trim_start().chars().next());
    state.is_some_and(|state| !matches!(state, 'Z' | 'X'))
}
