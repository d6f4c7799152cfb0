#![feature(test)]
extern crate test;

use test::{Bencher, black_box};

#[bench]
fn work(b: &mut Bencher) {
    b.iter(|| work::work(black_box(88172645463325252)));
}

mod seeds {
    use super::*;

    #[bench]
    fn from_input(b: &mut Bencher) {
        b.iter(|| work::work(black_box(7)));
    }
}

#[test]
fn a_test_beside_the_benchmarks() {}
