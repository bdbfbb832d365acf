package dev.kumite.guestagent;

import java.io.IOException;

/** Three pipes. */
final class PipeStreams implements ProcessStreams {

    private final ProcessPipe in;
    private final ProcessPipe out;
    private final ProcessPipe err;
    private final PipeReaders readers;
    private final PipeInput input;
    private final PipeOutput output;
    private final PipeOutput errorOutput;

    private PipeStreams(ProcessPipe in, ProcessPipe out, ProcessPipe err) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.readers = new PipeReaders(in.readEnd().toPath());
        this.input = new PipeInput(in.channels().sink(), readers);
        this.output = new PipeOutput(out.channels().source());
        this.errorOutput = new PipeOutput(err.channels().source());
    }

    static PipeStreams open() {
        try {
            return new PipeStreams(ProcessPipe.open(), ProcessPipe.open(), ProcessPipe.open());
        } catch (IOException e) {
            throw Refusal.failed("cannot make pipes: " + e.getMessage());
        }
    }

    @Override
    public void prepare(ProcessBuilder builder) {
        builder.redirectInput(in.readEnd());
        builder.redirectOutput(out.writeEnd());
        builder.redirectError(err.writeEnd());
    }

    @Override
    public void handedOver() {
        Quietly.close(in.channels().source());
        Quietly.close(out.channels().sink());
        Quietly.close(err.channels().sink());
    }

    @Override
    public void connect(Process child, long deadlineNanos) {
        readers.leaveOut(child.pid());
    }

    @Override
    public ProcessInput input() {
        return input;
    }

    @Override
    public ProcessOutput output() {
        return output;
    }

    @Override
    public ProcessOutput errorOutput() {
        return errorOutput;
    }

    @Override
    public void processEnded() {
        input.close();
        output.processEnded();
        errorOutput.processEnded();
    }

    @Override
    public void resize(int rows, int columns) {
        throw Refusal.notNow("the process has no terminal");
    }

    @Override
    public void close() {
        handedOver();
        input.close();
        output.close();
        errorOutput.close();
    }
}
