#[test]
fn it_counts() {
    assert_eq!(sample::count("a b a")["b"], 1);
}
