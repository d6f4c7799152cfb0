//! The vocabulary every other module speaks: plain data with serde, no behaviour that needs the world.
