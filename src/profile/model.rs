//! The interned profile: strings, functions, frames and distinct stacks stored once, samples with values.
//!
//! Ids are indexes that are only valid in the profile they come from. [`Builder`] is the one way to make a
//! profile, so every id in a [`Profile`] is in range. Stacks are kept whole, leaf first: a call tree is built
//! where it is asked for.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A function of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(u32);

/// A frame of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameId(u32);

/// A distinct stack of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StackId(u32);

/// A function: equal names in different files or modules are different functions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Function {
    /// Its name as the format spells it, demangled where the format does.
    pub name: Arc<str>,
    /// The source file it is in; empty where unknown.
    pub file: Arc<str>,
    /// The program or library it was loaded from; empty where unknown.
    pub module: Arc<str>,
}

/// A place in a function; inlined calls are frames of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Frame {
    /// The function.
    pub function: FunctionId,
    /// The line in [`Function::file`], 0 where unknown.
    pub line: u32,
}

/// What one value of a sample counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleType {
    /// What: `samples`, `cpu`, `alloc_space`.
    pub name: String,
    /// In which unit: `count`, `nanoseconds`, `bytes`.
    pub unit: String,
}

/// What is known about how a profile came to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The event that was really used, as the format tells it (`cpu-clock:u`); `None` where it does not.
    pub event: Option<String>,
    /// Wall time it covers in nanoseconds.
    pub duration_ns: Option<u64>,
    /// What a reader of the numbers must know: lost samples, cut stacks, another event than wanted.
    pub warnings: Vec<String>,
}

/// A profile.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// What the values of every sample count, in order.
    pub sample_types: Vec<SampleType>,
    /// Where it comes from.
    pub origin: Origin,
    /// The value the format marks as the one to look at.
    main_value: Option<usize>,
    functions: Vec<Function>,
    frames: Vec<Frame>,
    /// Frames of all stacks, one stack after another; `stack_ends[i]` is where stack i ends.
    stack_frames: Vec<FrameId>,
    stack_ends: Vec<usize>,
    /// One entry a stack with samples, with its values in `values`, `sample_types.len()` each.
    samples: Vec<StackId>,
    values: Vec<i64>,
}

impl Profile {
    /// The function of an id of this profile.
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.0 as usize]
    }

    /// The frame of an id of this profile.
    pub fn frame(&self, id: FrameId) -> Frame {
        self.frames[id.0 as usize]
    }

    /// The frames of a stack, leaf first.
    pub fn stack(&self, id: StackId) -> &[FrameId] {
        let index = id.0 as usize;
        let start = if index == 0 { 0 } else { self.stack_ends[index - 1] };
        &self.stack_frames[start..self.stack_ends[index]]
    }

    /// Every function.
    pub fn functions(&self) -> impl Iterator<Item = (FunctionId, &Function)> {
        self.functions.iter().enumerate().map(|(index, function)| (FunctionId(narrow(index)), function))
    }

    /// Samples, one a distinct stack, with their values in the order of [`Profile::sample_types`].
    pub fn samples(&self) -> impl Iterator<Item = (StackId, &[i64])> {
        self.samples.iter().copied().zip(self.values.chunks_exact(self.sample_types.len().max(1)))
    }

    /// How many functions there are; [`FunctionId::index`] is below it.
    pub fn function_count(&self) -> usize {
        self.functions.len()
    }

    /// The sum of a value over all samples.
    pub fn total(&self, value: usize) -> i64 {
        self.samples().map(|(_, values)| values.get(value).copied().unwrap_or(0)).fold(0, i64::saturating_add)
    }

    /// The position of the value to look at: the one the format marks, else the last one, as pprof has it.
    pub fn main_value(&self) -> usize {
        self.main_value.unwrap_or(self.sample_types.len().saturating_sub(1))
    }

    /// The position of the value that counts samples, where there is one.
    pub fn count_value(&self) -> Option<usize> {
        self.sample_types.iter().position(|kind| kind.unit == "count")
    }
}

impl FunctionId {
    /// Its position among the profile's functions.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Makes a profile, storing every string, function, frame and stack once.
#[derive(Debug, Default)]
pub struct Builder {
    profile: Profile,
    strings: HashSet<Arc<str>>,
    functions: HashMap<Function, FunctionId>,
    frames: HashMap<Frame, FrameId>,
    stacks: HashMap<Box<[FrameId]>, StackId>,
    /// Position in `profile.samples` by stack.
    samples: HashMap<StackId, usize>,
}

impl Builder {
    /// A profile whose samples have values of these types.
    pub fn new(sample_types: Vec<SampleType>) -> Self {
        Self { profile: Profile { sample_types, ..Profile::default() }, ..Self::default() }
    }

    /// The shared form of a text.
    pub fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.strings.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.strings.insert(Arc::clone(&text));
        text
    }

    /// A function.
    pub fn function(&mut self, function: Function) -> FunctionId {
        let next = FunctionId(narrow(self.profile.functions.len()));
        let functions = &mut self.profile.functions;
        *self.functions.entry(function).or_insert_with_key(|function| {
            functions.push(function.clone());
            next
        })
    }

    /// A frame.
    pub fn frame(&mut self, frame: Frame) -> FrameId {
        let next = FrameId(narrow(self.profile.frames.len()));
        let frames = &mut self.profile.frames;
        *self.frames.entry(frame).or_insert_with(|| {
            frames.push(frame);
            next
        })
    }

    /// Adds `values` to the sample of this stack, leaf first. Missing values count as zero, surplus ones not
    /// at all; sums saturate.
    pub fn sample(&mut self, stack: &[FrameId], values: &[i64]) {
        let stack = self.stack(stack);
        let width = self.profile.sample_types.len().max(1);
        let position = *self.samples.entry(stack).or_insert_with(|| {
            self.profile.samples.push(stack);
            self.profile.values.resize(self.profile.values.len() + width, 0);
            self.profile.samples.len() - 1
        });
        let start = position * width;
        for (sum, value) in self.profile.values[start..start + width].iter_mut().zip(values) {
            *sum = sum.saturating_add(*value);
        }
    }

    /// Marks the value to look at.
    pub fn main_value(&mut self, position: usize) {
        self.profile.main_value = (position < self.profile.sample_types.len()).then_some(position);
    }

    /// Says how the profile came to be.
    pub fn origin(&mut self) -> &mut Origin {
        &mut self.profile.origin
    }

    /// The profile.
    pub fn finish(self) -> Profile {
        self.profile
    }

    fn stack(&mut self, frames: &[FrameId]) -> StackId {
        if let Some(known) = self.stacks.get(frames) {
            return *known;
        }
        let id = StackId(narrow(self.profile.stack_ends.len()));
        self.profile.stack_frames.extend_from_slice(frames);
        self.profile.stack_ends.push(self.profile.stack_frames.len());
        self.stacks.insert(frames.into(), id);
        id
    }
}

/// Four thousand million distinct things do not fit the memory a reader may use.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).expect("readers bound their input far below 2^32 entries")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_stacks_are_one_sample() {
        let mut builder = Builder::new(vec![SampleType { name: "cpu".into(), unit: "nanoseconds".into() }]);
        let name = builder.text("f");
        let empty = builder.text("");
        let function = Function { name, file: Arc::clone(&empty), module: empty };
        let function = builder.function(function);
        let leaf = builder.frame(Frame { function, line: 3 });
        let root = builder.frame(Frame { function, line: 1 });
        builder.sample(&[leaf, root], &[5]);
        builder.sample(&[leaf, root], &[i64::MAX]);
        builder.sample(&[], &[1]);
        let profile = builder.finish();
        let samples: Vec<(Vec<FrameId>, i64)> =
            profile.samples().map(|(stack, values)| (profile.stack(stack).to_vec(), values[0])).collect();
        assert_eq!(samples, [(vec![leaf, root], i64::MAX), (vec![], 1)]);
        assert_eq!(profile.total(0), i64::MAX);
    }
}
