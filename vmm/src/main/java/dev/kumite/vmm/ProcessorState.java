package dev.kumite.vmm;

import java.util.ArrayList;
import java.util.List;

/**
 * What a virtual CPU is doing, as evidence about a guest that is silent.
 *
 * <p>Source: QEMU, {@code info registers} of the human monitor; its text is no interface, so what
 * cannot be read is left out.
 *
 * @param number from 0
 * @param halted whether it waits for an interrupt
 * @param instruction the address of the instruction that it is at, hexadecimal; may be empty
 */
public record ProcessorState(int number, boolean halted, String instruction) {

    private static final String SECTION = "CPU#";

    /** {@return the processors in the monitor's text} */
    static List<ProcessorState> parse(String text) {
        List<ProcessorState> found = new ArrayList<>();
        for (String section : text.split(SECTION, -1)) {
            int digits = 0;
            while (digits < section.length() && Character.isDigit(section.charAt(digits))) {
                digits++;
            }
            if (digits > 0 && digits < 6) {
                String address = value(section, "RIP=");
                found.add(
                        new ProcessorState(
                                Integer.parseInt(section, 0, digits, 10),
                                value(section, "HLT=").equals("1"),
                                address.isEmpty() ? value(section, " PC=") : address));
            }
        }
        return found;
    }

    private static String value(String section, String name) {
        int start = section.indexOf(name);
        if (start < 0) {
            return "";
        }
        int end = start + name.length();
        while (end < section.length() && Character.digit(section.charAt(end), 16) >= 0) {
            end++;
        }
        return section.substring(start + name.length(), end);
    }

    /** {@return for example {@code processor 0 waits for an interrupt at 0xffffffff81d3e0a1}} */
    public String describe() {
        return "processor "
                + number
                + (halted ? " waits for an interrupt" : " runs")
                + (instruction.isEmpty() ? "" : " at 0x" + instruction);
    }
}
